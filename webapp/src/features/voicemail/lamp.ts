import type { CallsState } from "@offhook/sdk";
import type { Translate } from "../../i18n/I18n.tsx";

type Lamp = CallsState["mwi"];

/** Infinity: there are some, and the phone system does not say how many. */
export function newMessages(lamp: Lamp): number {
  if (!lamp?.waiting) return 0;
  return lamp.new === null || lamp.new === 0 ? Number.POSITIVE_INFINITY : lamp.new;
}

export function messagesWords(t: Translate, lamp: Lamp): string {
  const count = newMessages(lamp);
  if (count === Number.POSITIVE_INFINITY) return t("voicemail.some");
  return count === 0 ? t("voicemail.nothing") : t("nav.messages", { count });
}
