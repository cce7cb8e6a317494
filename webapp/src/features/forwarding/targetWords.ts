import type { ForwardingEntry } from "@offhook/sdk";
import type { Translate } from "../../i18n/I18n.tsx";

export function targetWords(t: Translate, entry: ForwardingEntry): string {
  if (entry.voicemail) return t("forwarding.mailbox");
  if (entry.to === null) return "";
  return entry.to.display === "" ? entry.to.canonical : entry.to.display;
}
