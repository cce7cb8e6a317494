/**
 * What of a bundle is not for support: secrets, and with `people` names, numbers and addresses too.
 * The gateway does the same again (`gateway/features/diagnostics/redaction.py`);
 * `redaction.cases.json` keeps the two alike.
 */
export function redact(value: unknown, { people }: { people: boolean }): unknown {
  return redacted(value, "", people, 0);
}

const REMOVED = "[removed]";
const EMAIL = "[e-mail]";
const ADDRESS = "[address]";
const MAX_DEPTH = 20;

const member = (words: string) => new RegExp(`(?:^|_)(?:${words})s?(?:_|$)`);
const SECRET = member(
  "password|passwd|pwd|passphrase|secret|token|credential|authorization|cookie|jwt|bearer|" +
    "api_?key|private_key|signing_key|otp|totp|pin|recovery_code|challenge|crypto|ufrag|digit|dtmf",
);
const NAME = member(
  "name|username|displayname|fullname|firstname|lastname|nickname|surname|email|mail",
);
const NUMBER = member(
  "number|phone|tel|msisdn|extension|dialled|dialed|called|calling|caller|callee|to|from|cli",
);
/** Words that say somebody only where they end a name: `user` and not `user_agent`. */
const SOMEBODY = /(?:^|_)(?:user|login|label|identity|display|peer|party|participant|company)$/;
const LINE = /(?:^|_)line$/;

const UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
const MOMENT =
  "\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?";
const digits = (few: number) =>
  new RegExp(`(?<!\\w)(?:(${UUID}|${MOMENT})|(\\+?\\d(?:[ ()/-]{0,2}\\d){${few},24}))(?!\\w)`, "g");
const NUMBERS = digits(6);
/** In a member that is said to be a number the short ones are meant too. */
const DIGITS = digits(1);
const LONG = /(?<![\w-])[\w-]{32,}(?![\w-])/g;
/** As base64 has it, with what paths have too: those are not of capitals, small ones and digits. */
const BASE64 = /(?<![\w+/-])[\w+/-]{32,}={0,2}(?![\w+/-])/g;
const ID = new RegExp(UUID, "g");
const SAID = "token|secret|password|passwd|pwd|api_?key|credential";

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, REMOVED],
  [/gwc_\w+/g, REMOVED],
  [new RegExp(`${UUID}\\.[\\w-]{16,}`, "g"), REMOVED],
  [/\b(Bearer|bearer|Basic)\s{1,4}[^\s,;"']+/g, `$1 ${REMOVED}`],
  [/(?<![\w-])((?:Set-)?Cookie:\s{0,4})[^\r\n]+/gi, `$1${REMOVED}`],
  [/\b(Digest)\s{1,4}[^\r\n]+/g, `$1 ${REMOVED}`],
  [/(a=(?:ice-pwd|ice-ufrag|crypto|fingerprint):)[^\r\n]*/g, `$1${REMOVED}`],
  [
    new RegExp(
      `((?<![\\w-])[\\w-]{0,40}(?:${SAID})[\\w-]{0,40}["']?\\s{0,3}[=:]\\s{0,3}["']?)[^\\s&,;"']+`,
      "gi",
    ),
    `$1${REMOVED}`,
  ],
  [/([?&#](?:code|state|key|sig|signature)=)[^\s&#"']+/gi, `$1${REMOVED}`],
  [/(\w:\/\/)[^\s/@]+@/g, `$1${REMOVED}@`],
];
const PEOPLE: readonly (readonly [RegExp, string])[] = [
  [/[^\s@<>"':;,=/()[\]]{1,64}@[\w.-]+/g, EMAIL],
  // Not the version of a browser, which looks like an IPv4 address: Chrome/120.0.0.0.
  [/(?<![\w.])(?<![A-Za-z]\/)\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w)/g, ADDRESS],
  [
    /(?<![\w:])(?:(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}|[0-9a-fA-F]{1,4}::[0-9a-fA-F]{1,4})(?![\w:])/g,
    ADDRESS,
  ],
];

function redacted(value: unknown, name: string, people: boolean, depth: number): unknown {
  if (depth > MAX_DEPTH) return REMOVED;
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (SECRET.test(name)) return REMOVED;
  if (Array.isArray(value)) {
    const [header, said] = value as unknown[];
    const pair = value.length === 2 && typeof header === "string" && typeof said === "string";
    if (pair && SECRET.test(wordsOf(header))) return [header, REMOVED];
    return value.map((item: unknown) => redacted(item, name, people, depth + 1));
  }
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        redactText(key, people),
        redacted(item, wordsOf(key), people, depth + 1),
      ]),
    );
  }
  if (people && NAME.test(name)) return value === "" ? value : REMOVED;
  if (people && typeof value === "string" && SOMEBODY.test(name)) {
    return value === "" || value.replace(ID, "") === "" ? value : REMOVED;
  }
  if (people && (NUMBER.test(name) || LINE.test(name))) return redactNumber(value);
  return typeof value === "string" ? redactText(value, people) : value;
}

function redactText(text: string, people: boolean, numbers = NUMBERS): string {
  for (const [pattern, instead] of SECRETS) text = text.replace(pattern, instead);
  text = text.replace(BASE64, base64).replace(LONG, opaque);
  if (!people) return text;
  for (const [pattern, instead] of PEOPLE) text = text.replace(pattern, instead);
  return text.replace(numbers, shortened);
}

function redactNumber(value: unknown): unknown {
  if (typeof value === "string") return redactText(value, true, DIGITS);
  return Number.isInteger(value) && Math.abs(Number(value)) >= 10 ? REMOVED : value;
}

/** Long, with letters and digits, and more than ids: nothing that a person would write. */
function opaque(found: string): string {
  const rest = found.replace(ID, "");
  return rest.length >= 32 && /\d/.test(rest) && /[A-Za-z]/.test(rest) ? REMOVED : found;
}

function base64(found: string): string {
  const rest = found.replace(ID, "");
  const mixed = /\d/.test(rest) && /[A-Z]/.test(rest) && /[a-z]/.test(rest);
  return rest.length >= 32 && mixed ? REMOVED : found;
}

/** The last two digits of what has seven or more: enough to tell two calls apart. */
function shortened(_found: string, kept: string | undefined, number: string | undefined): string {
  if (kept !== undefined) return kept;
  const only = (number ?? "").replace(/\D/g, "");
  return `…${only.length >= 7 ? only.slice(-2) : ""}`;
}

/** `callbackToken` as `callback_token`. */
function wordsOf(name: string): string {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  return words.map((word) => word.toLowerCase()).join("_");
}
