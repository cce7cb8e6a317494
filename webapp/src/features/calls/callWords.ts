import { type Call, isHeldHere } from "@offhook/sdk";
import { numberOf, whoOf } from "../../app/words.ts";
import type { Translate } from "../../i18n/I18n.tsx";

/** What the server lets us ask of this call now. */
export function allowed(call: Call, verb: Call["actions"][number]): boolean {
  return call.actions.includes(verb);
}

/** Who holds whom; a wish that the phone system has not followed yet says so. */
export function holdWords(t: Translate, call: Call): string[] {
  const who = whoOf(t, call.remote);
  const held = call.hold === "local" || call.hold === "both";
  const words: string[] = [];
  if (isHeldHere(call) && !held) words.push(t("call.holding"));
  else if (held) words.push(t(allowed(call, "hold") ? "call.resuming" : "call.held"));
  if (call.hold === "remote" || call.hold === "both") words.push(t("call.heldBy", { who }));
  return words;
}

/** The number, unless it stands in the name's place, and how the call came. */
export function originWords(t: Translate, call: Call): string[] {
  if (call.kind === "conference") return [];
  const number = numberOf(call.remote);
  const words = whoOf(t, call.remote) === number || number === "" ? [] : [number];
  if (call.diverted_by !== null) words.push(t("call.divertedBy", { who: call.diverted_by }));
  return words;
}

/** Where it is heard. */
export function placeWords(
  t: Translate,
  call: Call,
  deviceId: string | null,
  here: boolean,
): string[] {
  if (call.on === "desk_phone") return [t("call.deskPhone")];
  if (here) return [t("call.here")];
  if (call.device_id === null) return [];
  return [t(call.device_id === deviceId ? "call.otherTab" : "call.otherDevice")];
}

/** The first name is enough to tell two apart, and fits a button. */
export function shortName(who: string): string {
  return /^\p{L}/u.test(who) ? (who.split(" ")[0] ?? who) : who;
}
