import en from "../../i18n/en.json";
import type { MessageId, Translate } from "../../i18n/I18n.tsx";

const ALIASES: Record<string, string> = {
  connection_unknown: "connection_off",
  bad_credentials: "account_disabled",
  email_unverified: "email_missing",
};

/** Why the company's own sign-in did not work, by the code that it came back with. */
export function ssoWords(t: Translate, code: string): string {
  const id = `sso.${ALIASES[code] ?? code}`;
  if (id in en) return t(id as MessageId);
  // A code comes from the address bar: only what looks like one is shown.
  return t("sso.other", { code: /^[a-z_]{1,40}$/.test(code) ? code : "?" });
}
