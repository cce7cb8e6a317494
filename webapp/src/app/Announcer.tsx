import { useCallClock } from "./callClock.ts";
import { useObservable, usePhone, useStage } from "./PhoneContext.tsx";
import { numberOf, titleOf, whoOf } from "./words.ts";
import { endedWords, worthSaying } from "../features/calls/endedWords.ts";
import { useAfter } from "@offhook/ui/useAfter.ts";
import { useT, useTimeOfDay } from "../i18n/I18n.tsx";

const SAY_AFTER_MS = 1_300;

/**
 * Says what is seen: each change of a call politely, a lost line at once. The running time is not
 * said. Incoming calls are said by their own region.
 */
export function Announcer() {
  const t = useT();
  const timeOfDay = useTimeOfDay();
  const started = useCallClock();
  const { active, ended } = useStage();
  const legs = useObservable(usePhone().legs.views);
  const call = active[0];
  const last = ended.find(worthSaying);
  let said = "";
  if (call) {
    const who = titleOf(t, call);
    const held = call.hold === "local" || call.hold === "both";
    if (held) said = t("announce.held", { who });
    else if (call.hold === "remote") said = t("call.heldBy", { who });
    else if (call.phase === "connected") {
      said = t(call.muted ? "announce.muted" : "announce.connected", { who });
    } else
      said = t(call.phase === "ringing_out" ? "announce.ringing" : "announce.dialling", { who });
  } else if (last) {
    said = endedWords(t, last, {
      who: whoOf(t, last.call.remote),
      number: numberOf(last.call.remote),
      time: timeOfDay(last.at),
      talkedMs: last.call.answered_at === null ? 0 : last.at - started(last.call),
    });
  }
  const broken = active.find((item) => legs[item.id]?.state === "recovering");
  const lost = useAfter(broken !== undefined, SAY_AFTER_MS) ? broken : undefined;
  return (
    <>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      <p className="visually-hidden" role="alert">
        {lost && t("call.recovering", { who: whoOf(t, lost.remote) })}
      </p>
    </>
  );
}
