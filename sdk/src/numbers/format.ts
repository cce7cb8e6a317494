/**
 * Groups a number for reading while it is typed. The server's `display` form is better (it knows
 * the country's plan) and is used wherever there is one.
 */
export function groupNumber(number: string): string {
  const text = number.replace(/\s+/g, "");
  if (/[*#]/.test(text) || text.length <= 4) return text;
  if (text.startsWith("+")) {
    const country = countryCode(text.slice(1));
    const rest = text.slice(1 + country.length);
    return `+${country}${rest === "" ? "" : ` ${groups(rest)}`}`;
  }
  return groups(text);
}

const ONE_DIGIT = /^[17]/;
const TWO_DIGITS = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** Length of an E.164 country code: 1 for zones 1 and 7, 2 for the listed, else 3. */
function countryCode(digits: string): string {
  if (ONE_DIGIT.test(digits)) return digits.slice(0, 1);
  if (TWO_DIGITS.test(digits)) return digits.slice(0, 2);
  return digits.slice(0, 3);
}

function groups(digits: string): string {
  const parts: string[] = [];
  let rest = digits;
  while (rest.length > 4) {
    parts.push(rest.slice(0, 3));
    rest = rest.slice(3);
  }
  parts.push(rest);
  return parts.join(" ");
}
