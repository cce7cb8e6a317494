import type { Call, LegView } from "@offhook/sdk";
import { useId, useState } from "react";
import { useCallClock } from "../../app/callClock.ts";
import { useCalls, useLegView, usePending, usePhone, useStage } from "../../app/PhoneContext.tsx";
import { numberOf, whoOf } from "../../app/words.ts";
import { type Translate, useT } from "../../i18n/I18n.tsx";
import { Avatar } from "../../ui/Avatar.tsx";
import { Button } from "../../ui/Button.tsx";
import { clockText, useNow } from "../../ui/clock.ts";
import { useAfter } from "../../ui/useAfter.ts";
import { Note } from "../../ui/Note.tsx";
import { ActionButton } from "./ActionButton.tsx";
import styles from "./ActiveCall.module.css";
import { HangUpNote } from "./HangUpNote.tsx";
import { Keypad } from "./Keypad.tsx";
import { NoticeNote } from "./NoticeNote.tsx";
import { QualityHint } from "./QualityHint.tsx";
import { useHangUp } from "./useHangUp.ts";

/** The call: the one big thing on the page. */
export function ActiveCall({ call }: { call: Call }) {
  const t = useT();
  const phone = usePhone();
  const leg = useLegView(call.id);
  const pending = usePending(call.id);
  const { incoming } = useStage();
  const [keypad, setKeypad] = useState(false);
  const heading = useId();
  const who = whoOf(t, call.remote);
  const connected = call.phase === "connected";
  const { deviceId } = useCalls();
  const here = leg !== undefined;
  const hangUp = useHangUp(call.id);

  return (
    <article
      className={styles.card}
      aria-labelledby={heading}
      data-keys="e"
      data-squeezed={incoming.length > 0}
    >
      <div className={styles.who}>
        <Avatar name={call.remote.name} size="l" />
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
          <p className={styles.where}>{whereWords(t, call, who, deviceId, here)}</p>
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
      <HangUpNote callId={call.id} />
      <div className={styles.actions} role="group" aria-label={t("call.region", { who })}>
        <ActionButton
          icon={call.muted ? "micOff" : "mic"}
          label={t("call.mute")}
          on={call.muted}
          onLabel={t("call.muted")}
          keys="m"
          show={here && allowed(call, call.muted ? "unmute" : "mute")}
          onPress={() => void phone.setMuted(call.id, !call.muted).catch(() => undefined)}
        />
        <ActionButton
          icon="keypad"
          label={t("call.keypad")}
          on={keypad}
          keys="k"
          show={here && allowed(call, "dtmf")}
          onPress={() => setKeypad(!keypad)}
          expands
        />
        <ActionButton
          icon={allowed(call, "retrieve") ? "play" : "pause"}
          label={t(allowed(call, "retrieve") ? "call.resume" : "call.hold")}
          keys="h"
          show={connected && (allowed(call, "hold") || allowed(call, "retrieve"))}
          onPress={() => {
            const verb = allowed(call, "retrieve") ? phone.retrieve(call.id) : phone.hold(call.id);
            verb.catch(() => undefined);
          }}
        />
        <button
          type="button"
          className={styles.end}
          aria-keyshortcuts="e Shift+E"
          data-shortcut="e"
          disabled={pending === "ending"}
          onClick={hangUp}
        >
          {t("call.hangUp")}
        </button>
      </div>
      {keypad && here && allowed(call, "dtmf") && <Keypad callId={call.id} onClose={() => setKeypad(false)} />}
    </article>
  );
}

/** The keys of the card work at once. What somebody types elsewhere is not interrupted. */
function focusOnArrival(heading: HTMLElement | null): void {
  const at = document.activeElement;
  const typing = at instanceof HTMLInputElement && at.value !== "";
  if (!typing) heading?.focus();
}

function allowed(call: Call, verb: Call["actions"][number]): boolean {
  return call.actions.includes(verb);
}

/** Running time; not announced, a screen reader would speak every second. */
export function Timer({ call }: { call: Call }) {
  const t = useT();
  const started = useCallClock();
  const now = useNow(true);
  return (
    <span className={styles.timer} role="timer" aria-live="off" aria-label={t("call.duration")}>
      {clockText(now - started(call))}
    </span>
  );
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

function whereWords(
  t: Translate,
  call: Call,
  who: string,
  deviceId: string | null,
  here: boolean,
): string {
  const number = numberOf(call.remote);
  const parts = who === number || number === "" ? [] : [number];
  if (call.diverted_by !== null) parts.push(t("call.divertedBy", { who: call.diverted_by }));
  const held = call.hold === "local" || call.hold === "both";
  if (allowed(call, "retrieve")) parts.push(t(held ? "call.held" : "call.holding"));
  else if (held) parts.push(t("call.resuming"));
  if (call.hold === "remote" || call.hold === "both") parts.push(t("call.heldBy", { who }));
  if (here) parts.push(t("call.here"));
  else if (call.device_id !== null && call.device_id === deviceId) parts.push(t("call.otherTab"));
  else if (call.device_id !== null) parts.push(t("call.otherDevice"));
  return parts.join(" · ");
}

const SAY_AFTER_MS = 1_300;

/** What is wrong with this call, inside its card; the controls stay. */
function Troubles({ call, leg, who }: { call: Call; leg: LegView | undefined; who: string }) {
  const t = useT();
  const phone = usePhone();
  const worthSaying = useAfter(leg?.state === "recovering", SAY_AFTER_MS);
  if (call.phase !== "connected") return null;
  if (!leg) {
    return (
      <Note
        kind="info"
        action={
          <Button look="primary" onPress={() => void phone.attach(call.id).catch(() => undefined)}>
            {t("call.bring")}
          </Button>
        }
      >
        {t("call.elsewhere")}
      </Note>
    );
  }
  if (leg.state === "recovering") {
    // Most repairs are done before anybody heard a gap.
    if (!worthSaying) return null;
    return (
      <Note kind="warn" live={false}>
        {t("call.recovering", { who })}
      </Note>
    );
  }
  if (leg.state === "connecting") return <Note kind="info">{t("call.connectingAudio")}</Note>;
  if (!leg.sending) {
    return (
      <Note
        kind="danger"
        icon="micOff"
        action={
          <Button onPress={() => void phone.legs.openMicrophone(call.id).catch(() => undefined)}>
            {t("call.microphone.retry")}
          </Button>
        }
      >
        {t("call.noMicrophone", { who })}
      </Note>
    );
  }
  if (leg.farSilent) return <Note kind="warn">{t("call.farSilent", { who })}</Note>;
  return null;
}
