import type { Call } from "@offhook/sdk";
import { useEffect, useRef } from "react";
import { usePending, usePhone, useStage } from "../../app/PhoneContext.tsx";
import { show } from "../../app/route.ts";
import { numberOf, whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { clockText, useNow } from "@offhook/ui/clock.ts";
import { allowed, shortName } from "../calls/callWords.ts";
import { NoticeNote } from "../calls/NoticeNote.tsx";
import { answerWords, canWait } from "./answerWords.ts";
import { AutoAnswerNote } from "./AutoAnswerNote.tsx";
import styles from "./IncomingSlot.module.css";
import { useAnswer } from "./useAnswer.ts";
import { useCallNotification } from "./useCallNotification.ts";

/**
 * The place of incoming calls: a region of its own that pushes the rest and covers nothing. A
 * click in the first 300 ms after it appeared was meant for something else and does nothing.
 */
export function IncomingSlot() {
  const t = useT();
  const { incoming, active } = useStage();
  const call = incoming[0];
  const who = call ? whoOf(t, call.remote) : "";
  const said = active.length > 0 ? "incoming.said.second" : "incoming.said";
  useCallNotification(call, active[0]);
  return (
    <div className={styles.place} id="incoming" tabIndex={-1}>
      <p className="visually-hidden" role="alert">
        {call && t(said, { who })}
      </p>
      {call && <Slot key={call.id} call={call} more={incoming.length - 1} other={active[0]} />}
    </div>
  );
}

const IGNORE_CLICKS_MS = 300;

interface SlotProps {
  call: Call;
  more: number;
  /** What runs already. */
  other: Call | undefined;
}

function Slot({ call, more, other }: SlotProps) {
  const t = useT();
  const phone = usePhone();
  const pending = usePending(call.id);
  const shownAt = useRef(Number.POSITIVE_INFINITY);
  const answer = useAnswer();
  const who = whoOf(t, call.remote);
  const number = numberOf(call.remote);

  useEffect(() => {
    shownAt.current = performance.now();
  }, []);

  const guarded = (work: () => void) => () => {
    if (performance.now() - shownAt.current >= IGNORE_CLICKS_MS) work();
  };
  const take = (ends: Call | undefined) =>
    guarded(() => {
      show("phone");
      answer(call, ends);
    });
  const waits = other !== undefined && canWait(other);

  return (
    <section
      className={styles.slot}
      data-keys="a d"
      aria-label={t(other ? "incoming.second" : "incoming.region")}
    >
      <div className={styles.who}>
        <Avatar name={call.remote.name} />
        <div className={styles.text}>
          <p className={styles.name}>{who}</p>
          <p className={styles.why}>
            {call.diverted_by === null
              ? who === number || number === ""
                ? t("incoming.region")
                : number
              : call.original_called === null
                ? t("incoming.forwarded", { who: call.diverted_by })
                : t("incoming.forwarded.for", {
                    who: call.diverted_by,
                    meant: call.original_called,
                  })}
            <Waiting call={call} />
          </p>
          {more > 0 && <p className={styles.why}>{t("incoming.more", { count: more })}</p>}
        </div>
        {call.actions.includes("silence") && (
          <IconButton
            icon="bell"
            label={t("incoming.silence")}
            onPress={() => void phone.silence(call.id).catch(() => undefined)}
          />
        )}
      </div>
      {pending === undefined && <NoticeNote call={call} />}
      {pending === undefined && !other && more === 0 && <AutoAnswerNote callId={call.id} />}
      <div className={styles.buttons}>
        <Button
          look="danger"
          wide
          note={t("incoming.decline.hint")}
          isDisabled={pending !== undefined}
          onPress={guarded(() => void phone.decline(call.id).catch(() => undefined))}
          aria-keyshortcuts="d Shift+D"
          data-shortcut="d"
        >
          {t(pending === "declining" ? "incoming.declining" : "incoming.decline")}
        </Button>
        <Button
          look="answer"
          icon="phone"
          wide
          isDisabled={pending !== undefined}
          onPress={take(waits ? undefined : other)}
          aria-keyshortcuts="a Shift+A"
          data-shortcut="a"
        >
          {pending === "answering" ? t("incoming.answering") : answerWords(t, other)}
        </Button>
      </div>
      {waits && pending === undefined && allowed(other, "hang_up") && (
        <div className={styles.more}>
          <Button look="quiet" onPress={take(other)}>
            {t("incoming.endAndAnswer", { who: shortName(whoOf(t, other.remote)) })}
          </Button>
        </div>
      )}
    </section>
  );
}

const WAITING_AFTER_MS = 10_000;

function Waiting({ call }: { call: Call }) {
  const t = useT();
  const phone = usePhone();
  const now = useNow(true);
  const since = now - (Date.parse(call.created_at) - phone.rest.clockSkewMs);
  if (since < WAITING_AFTER_MS) return null;
  return (
    <span aria-hidden="true" className="tabular">
      {" · "}
      {t("incoming.waiting", { time: clockText(since) })}
    </span>
  );
}
