import type { AlternativeNumber, Forwarding, OwnPresence, RoutingView } from "@offhook/sdk";
import type { Translate } from "../../i18n/I18n.tsx";
import { numberOf } from "../../app/words.ts";
import { targetWords } from "../forwarding/targetWords.ts";

interface Facts {
  hasLine: boolean;
  /** Undefined: not read yet, or it could not be read. */
  forwarding: Forwarding | undefined;
  forwardingFailed: boolean;
  quiet: OwnPresence["do_not_disturb"] | undefined;
  routing: RoutingView["routing"];
  /** The user's other phone, where the phone system offers one. */
  alternative: AlternativeNumber | undefined;
}

/**
 * What the next call does, of who decides first: the phone system's forwarding, do not disturb,
 * routing. What is not known is said to be so.
 */
export function sentence(t: Translate, facts: Facts): string {
  const { forwarding } = facts;
  if (!facts.hasLine) return t("routing.say.noLine");
  if (!forwarding && !facts.forwardingFailed) return t("list.loading");
  const all = forwarding?.entries.find((entry) => entry.kind === "immediate" && entry.active);
  if (all) return t("routing.say.forwarded", { to: targetWords(t, all) });
  const other = facts.alternative?.number;
  const number = other ? numberOf({ number: other }) : "";
  if (number !== "" && facts.alternative?.receive === "always") {
    return t("routing.say.forwarded", { to: number });
  }
  const first = ringing(t, facts);
  const then = number !== "" && facts.alternative?.receive === "no_answer" && !facts.quiet?.on;
  const rings = then ? t("routing.say.alternative", { rings: first, number }) : first;
  return forwarding?.available ? rings : t("routing.say.unseen", { rings });
}

function ringing(t: Translate, { quiet, routing }: Facts): string {
  if (quiet?.on) {
    const what = t(quiet.at_pbx ? "presence.dnd.atPbx" : "presence.dnd.here");
    return t("routing.say.quiet", { what });
  }
  return t(`routing.say.${routing.apps ?? "now"}`, { n: secondsOf(routing) });
}

export function secondsOf(routing: RoutingView["routing"]): number {
  return Math.round((routing.delay_ms ?? 0) / 1000);
}
