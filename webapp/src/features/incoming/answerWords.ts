import type { Call } from "@offhook/sdk";
import { whoOf } from "../../app/words.ts";
import type { Translate } from "../../i18n/I18n.tsx";

/** It talks, and the phone system can hold it: it need not end for another one. */
export function canHold(call: Call): boolean {
  return call.actions.includes("hold") && call.phase === "connected";
}

/** What answering does, also to the call that runs already. */
export function answerWords(t: Translate, other: Call | undefined): string {
  if (!other) return t("incoming.answer");
  const who = shortName(whoOf(t, other.remote));
  return t(canHold(other) ? "incoming.holdAndAnswer" : "incoming.endAndAnswer", { who });
}

/** The first name is enough to tell the two apart, and fits the button. */
function shortName(who: string): string {
  return /^\p{L}/u.test(who) ? (who.split(" ")[0] ?? who) : who;
}
