import type { Call, EndedCall } from "@offhook/sdk";
import { whoOf } from "../../app/words.ts";
import type { MessageId, Translate } from "../../i18n/I18n.tsx";
import { parkedAt } from "../parking/parked.ts";
import { clockText } from "@offhook/ui/clock.ts";

/** `unreachable` has several causes; the gateway's plain words tell which. */
const UNREACHABLE: [RegExp, MessageId][] = [
  [/does not exist/i, "ended.unknownNumber"],
  [/connection to your phone system/i, "ended.lineDown"],
  [/own line is not registered/i, "ended.lineOut"],
  [/did not react|reported a problem/i, "ended.pbxFault"],
];

interface Facts {
  who: string;
  number: string;
  /** When it ended, as people write it. */
  time: string;
  talkedMs: number;
}

/** The reason of an ended call as a sentence, seen from this user's side. */
export function endedWords(
  t: Translate,
  { call, by }: EndedCall,
  { who, number, time, talkedMs }: Facts,
): string {
  const incoming = call.direction === "in";
  switch (call.reason) {
    case "hung_up":
      return talkedMs >= 1000
        ? t("ended.hung_up", { time: clockText(talkedMs) })
        : t("ended.hung_up.short");
    case "declined":
      return incoming ? t("ended.declined.in") : t("ended.declined", { who });
    case "busy":
      return t("ended.busy", { who });
    case "no_answer":
      return incoming ? t("ended.no_answer.in", { time }) : t("ended.no_answer", { who });
    case "cancelled":
      return incoming ? t("ended.cancelled.in", { time }) : t("ended.cancelled");
    case "answered_elsewhere":
      return by === null ? t("ended.answered_elsewhere") : t("ended.answered_elsewhere.by", { by });
    case "unreachable":
      return t(
        UNREACHABLE.find(([words]) => words.test(call.words ?? ""))?.[1] ?? "ended.unreachable",
        { who, number },
      );
    case "transferred":
      return call.transfer === null
        ? t("ended.transferred")
        : t("ended.transferred.to", { who, target: whoOf(t, call.transfer.to) });
    case "not_held":
      return t("ended.notHeld");
    case "blocked":
      return t("ended.blocked");
    case "forwarded":
    case "merged":
    case "media_failed":
    case "node_failed":
      return t(`ended.${call.reason}`);
    case null:
      return call.words ?? t("ended.unknown");
  }
}

/**
 * Whom we asked before handing over is named in the caller's card, who joined a conference is in
 * the conference's, and who was parked has a card of their own.
 */
export function worthSaying({ call }: EndedCall): boolean {
  if (call.reason === "merged") return false;
  if (call.reason !== "transferred") return true;
  return call.consults === null && parkedAt(call) === undefined;
}

/** Normal ends leave soon; what the user may act on stays until closed. */
export function lingerMs(call: Call): number | null {
  if (call.reason === "hung_up" || call.reason === null) return 5_000;
  if (call.reason === "transferred" || call.reason === "merged") return 6_000;
  if (call.reason === "answered_elsewhere") return 3_000;
  if (call.reason === "cancelled" && call.direction === "out") return 5_000;
  if (call.reason === "declined" && call.direction === "in") return 5_000;
  return null;
}
