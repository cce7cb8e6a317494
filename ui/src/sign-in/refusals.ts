const ALIASES: Record<string, string> = {
  connection_unknown: "connection_off",
  bad_credentials: "account_disabled",
  email_unverified: "email_missing",
};

/** Why the company's own sign-in did not work: codes of which people need no more than one word. */
export function refusalOf(code: string): string {
  return ALIASES[code] ?? code;
}

/** A code comes from the address bar: only what looks like one is shown. */
export function shownCode(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? code : "?";
}
