import { type Call, isHeldHere } from "@offhook/sdk";
import { whoOf } from "../../app/words.ts";
import type { Translate } from "../../i18n/I18n.tsx";
import { shortName } from "../calls/callWords.ts";

/** It need not end for another one: it waits already, or the phone system can hold it. */
export function canWait(call: Call): boolean {
  return isHeldHere(call) || (call.actions.includes("hold") && call.phase === "connected");
}

/** What answering does, also to the call that runs already. */
export function answerWords(t: Translate, other: Call | undefined): string {
  if (!other || isHeldHere(other)) return t("incoming.answer");
  const who = shortName(whoOf(t, other.remote));
  return t(canWait(other) ? "incoming.holdAndAnswer" : "incoming.endAndAnswer", { who });
}
