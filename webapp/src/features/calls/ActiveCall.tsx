import type { Call } from "@offhook/sdk";
import { useId } from "react";
import { useCalls, useLegView, usePending, useStage } from "../../app/PhoneContext.tsx";
import { titleOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import styles from "./ActiveCall.module.css";
import { CallActions } from "./CallActions.tsx";
import { holdWords, originWords, placeWords } from "./callWords.ts";
import { NoticeNote } from "./NoticeNote.tsx";
import { Participants } from "./Participants.tsx";
import { QualityHint } from "./QualityHint.tsx";
import { Timer } from "./Timer.tsx";
import { MovingNote } from "../moving/MovingNote.tsx";
import { TransferNote } from "../transfer/TransferNote.tsx";
import { TroubleNote } from "./TroubleNote.tsx";
import { Troubles } from "./Troubles.tsx";

/** The call: the one big thing on the page. */
export function ActiveCall({ call }: { call: Call }) {
  const t = useT();
  const leg = useLegView(call.id);
  const pending = usePending(call.id);
  const { incoming } = useStage();
  const { deviceId } = useCalls();
  const heading = useId();
  const who = titleOf(t, call);
  const connected = call.phase === "connected";
  const here = leg !== undefined;
  const where = [
    ...originWords(t, call),
    ...holdWords(t, call),
    ...placeWords(t, call, deviceId, here),
  ];

  return (
    <article
      className={styles.card}
      aria-labelledby={heading}
      data-keys="e"
      data-squeezed={incoming.length > 0}
    >
      <div className={styles.who}>
        <Avatar
          name={call.kind === "conference" ? null : call.remote.name}
          size="l"
          fallback={call.kind === "conference" ? "people" : "phone"}
        />
        <div className={styles.names}>
          <h1
            id={heading}
            ref={focusOnArrival}
            tabIndex={-1}
            className={styles.name}
            data-call-name=""
          >
            {who}
          </h1>
          <p className={styles.where}>{where.join(" · ")}</p>
        </div>
        <div className={styles.state}>
          {connected ? (
            <Timer call={call} />
          ) : (
            <Progress call={call} ending={pending === "ending"} />
          )}
          {connected && here && <QualityHint leg={leg} held={call.hold !== "none"} />}
        </div>
      </div>
      <Troubles call={call} leg={leg} who={who} />
      {leg?.farSilent !== true && <NoticeNote call={call} />}
      <TroubleNote callId={call.id} />
      <TransferNote call={call} />
      <MovingNote call={call} />
      <Participants call={call} />
      <CallActions call={call} />
    </article>
  );
}

/** The keys of the card work at once. What somebody types elsewhere is not interrupted. */
function focusOnArrival(heading: HTMLElement | null): void {
  const at = document.activeElement;
  const typing = at instanceof HTMLInputElement && at.value !== "";
  if (!typing) heading?.focus();
}

function Progress({ call, ending }: { call: Call; ending: boolean }) {
  const t = useT();
  const words = {
    dialling: "call.dialling",
    ringing_out: "call.ringing",
    early: "call.early",
    ringing_in: "call.ringing",
    connected: "call.connected",
    ended: "call.ending",
  } as const;
  return <p className={styles.progress}>{t(ending ? "call.ending" : words[call.phase])}</p>;
}
