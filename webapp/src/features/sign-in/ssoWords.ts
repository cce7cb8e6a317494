import { refusalOf, shownCode } from "@offhook/ui/sign-in/refusals.ts";
import en from "../../i18n/en.json";
import type { MessageId, Translate } from "../../i18n/I18n.tsx";

/** Why the company's own sign-in did not work, by the code that it came back with. */
export function ssoWords(t: Translate, code: string): string {
  const id = `sso.${refusalOf(code)}`;
  if (id in en) return t(id as MessageId);
  return t("sso.other", { code: shownCode(code) });
}
