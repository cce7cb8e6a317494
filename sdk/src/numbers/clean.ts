/** What may be dialled: an international number, an extension, or a star or hash code. */
export interface DialInput {
  /** As it goes to the server: digits, `+` in front, `*`, `#`, letters as digits. */
  number: string;
  /** Digits to send after the answer, from `;ext=`, `,` or "ext". */
  postDial: string;
}

const KEYS: Record<string, string> = {
  a: "2", b: "2", c: "2", d: "3", e: "3", f: "3", g: "4", h: "4", i: "4", j: "5", k: "5", l: "5",
  m: "6", n: "6", o: "6", p: "7", q: "7", r: "7", s: "7", t: "8", u: "8", v: "8", w: "9", x: "9",
  y: "9", z: "9",
}; // prettier-ignore

const EXTENSION = /(?:;\s*ext=|\bext\.?\s*|\bDurchwahl\s*|,+)\s*(\d[\d*#]*)\s*$/i;
/** A trunk zero in brackets belongs to the national form: +49 (0) 30 is +4930. */
const BRACKETED_ZERO = /^(\s*(?:\+|00)[\d\s.-]*)\(0\)/;

/** True if this is meant as a number: then it is dialled, otherwise people are searched. */
export function looksLikeNumber(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === "") return false;
  if (/^(?:tel|sip|callto):/i.test(trimmed)) return true;
  return /^[+\d*#(]/.test(trimmed) && /\d|^[*#]/.test(trimmed) && !/[a-z]{2,}/i.test(bare(trimmed));
}

/** Makes a dialable number of what people type and paste; null if there is none in it. */
export function cleanNumber(text: string): DialInput | null {
  let rest = decode(text.normalize("NFKC").trim());
  const uri = /^(tel|sip|callto):(?:\/\/)?(.*)$/i.exec(rest);
  if (uri) rest = uri[1]?.toLowerCase() === "sip" ? sipUser(uri[2] ?? "") : (uri[2] ?? "");
  let postDial = "";
  const extension = EXTENSION.exec(rest);
  if (extension && extension.index > 0) {
    postDial = extension[1] ?? "";
    rest = rest.slice(0, extension.index);
  }
  rest = rest.split(";")[0] ?? "";
  rest = rest.replace(BRACKETED_ZERO, "$1");
  const plus = /^[^\d*#a-z]*\+/i.test(rest) ? "+" : "";
  const symbols = rest.toLowerCase().replace(/[a-z]/g, (c) => KEYS[c] ?? c);
  const number = plus + symbols.replace(/[^\d*#]/g, "");
  if (!/[\d*#]/.test(number) || number.length > 40) return null;
  return { number, postDial };
}

/** The same on one line, as it stands in a field; cleanNumber reads it back. */
export function dialText({ number, postDial }: DialInput): string {
  return postDial === "" ? number : `${number},${postDial}`;
}

/** Keeps only what a keypad can send. */
export function cleanDigits(text: string): string {
  return text.toUpperCase().replace(/[^\d*#A-D]/g, "");
}

function bare(text: string): string {
  return text.replace(EXTENSION, "");
}

function sipUser(address: string): string {
  return address.split("@")[0]?.split(":")[0] ?? "";
}

function decode(text: string): string {
  try {
    return /%[0-9a-f]{2}/i.test(text) ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}
