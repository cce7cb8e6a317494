import type { OwnPresence as Own } from "@offhook/sdk";
import { useId, useState } from "react";
import { useIntl } from "react-intl";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { Audience } from "./Audience.tsx";
import { type Choice, type End, endOf } from "./ends.ts";
import { EndSelect } from "./EndSelect.tsx";
import { dndWords } from "./dndWords.ts";
import styles from "./OwnPresence.module.css";
import { PresenceMark, type State } from "./PresenceMark.tsx";
import { endWords } from "./presenceWords.ts";
import { type Change, useChange } from "./useChange.ts";
import { useOwnPresence } from "./usePresence.ts";

interface Part {
  own: Own;
  change: Change;
  busy: boolean;
}

const STATUSES = ["available", "away", "appear_offline"] as const;
const MARKS: Record<(typeof STATUSES)[number], State> = {
  available: "available",
  away: "away",
  appear_offline: "offline",
};

/** Status, do not disturb and note are three things; each may have an end. */
export function OwnPresence() {
  const t = useT();
  const words = useProblemWords();
  const own = useOwnPresence();
  const { change, busy, problem } = useChange();
  const heading = useId();
  if (!own) return null;
  const part = { own, change, busy };
  return (
    <section className={styles.box} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        {t("presence.title")}
      </h2>
      <p className={styles.now} role="status">
        <PresenceMark state={own.state} size={14} />
        <span>
          {t(`presence.${own.state}`)}
          {own.seen_as !== own.state && (
            <span className={styles.hint}>
              {t("presence.seenAs", { state: t(`presence.${own.seen_as}`) })}
            </span>
          )}
        </span>
      </p>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      <StatusChoice {...part} />
      <QuietChoice {...part} />
      <NoteField key={own.note.text} {...part} />
      <Audience {...part} />
    </section>
  );
}

function StatusChoice({ own, change, busy }: Part) {
  const t = useT();
  const intl = useIntl();
  const name = useId();
  const { value, until } = own.status;
  return (
    <fieldset className={styles.group} aria-busy={busy}>
      <legend>{t("presence.status")}</legend>
      {STATUSES.map((status) => (
        <label key={status} className={styles.radio}>
          <input
            type="radio"
            name={name}
            checked={value === status}
            onChange={() => {
              void change({
                status: { value: status, until: status === "available" ? null : until },
              });
            }}
          />
          <PresenceMark state={MARKS[status]} />
          <span>
            {t(`presence.choose.${status}`)}
            {value === status && until !== null && (
              <span className={styles.hint}>
                {t("presence.endsAt", { end: endWords(intl, new Date(until), new Date()) })}
              </span>
            )}
          </span>
        </label>
      ))}
      {value !== "available" && (
        <EndSelect
          label={t("presence.statusEnd")}
          kept={until}
          value={until === null ? "never" : "keep"}
          onChange={(next) =>
            void change({ status: { value, until: endOf(next, new Date(), until) } })
          }
        />
      )}
    </fieldset>
  );
}

function QuietChoice({ own, change, busy }: Part) {
  const t = useT();
  const intl = useIntl();
  const [end, setEnd] = useState<Choice>("1h");
  const quiet = own.do_not_disturb;
  const kept = quiet.on ? quiet.until : null;
  const shown = quiet.on ? (kept === null ? "never" : "keep") : end;
  const set = (on: boolean, ends: Choice) => {
    const until = on ? endOf(ends, new Date(), kept) : null;
    void change({ do_not_disturb: { on, until } });
  };
  return (
    <div
      className={styles.group}
      role="group"
      aria-label={t("presence.do_not_disturb")}
      aria-busy={busy}
    >
      <p className={styles.legend}>{t("presence.do_not_disturb")}</p>
      <p>{quiet.on ? dndWords(t, intl, quiet, new Date()) : t("presence.dnd.off")}</p>
      {quiet.on && (
        <p className={styles.hint}>
          {t(quiet.at_pbx ? "presence.dnd.atPbx" : "presence.dnd.here")}
        </p>
      )}
      <div className={styles.row}>
        <EndSelect
          label={t("presence.dndEnd")}
          kept={kept}
          value={shown}
          onChange={(next) => (quiet.on ? set(true, next) : setEnd(next))}
        />
        <Button isDisabled={busy} onPress={() => set(!quiet.on, end)}>
          {t(quiet.on ? "presence.dnd.end" : "presence.dnd.start")}
        </Button>
      </div>
    </div>
  );
}

function NoteField({ own, change, busy }: Part) {
  const t = useT();
  const intl = useIntl();
  const [text, setText] = useState(own.note.text);
  const [chosen, setChosen] = useState<End | null>(null);
  const { until } = own.note;
  const end = chosen ?? (until === null ? "never" : "keep");
  return (
    <form
      className={styles.group}
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault();
        void change({ note: { text, until: endOf(end, new Date(), until) } }).then((done) => {
          if (done) setChosen(null);
        });
      }}
    >
      <label className={styles.field}>
        <span>{t("presence.note")}</span>
        <input
          className={styles.input}
          value={text}
          maxLength={200}
          placeholder={t("presence.note.example")}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {until !== null && (
        <p className={styles.hint}>
          {t("presence.endsAt", { end: endWords(intl, new Date(until), new Date()) })}
        </p>
      )}
      <div className={styles.row}>
        <EndSelect
          label={t("presence.noteEnd")}
          kept={until}
          value={end}
          onChange={(next) => setChosen(next === "keep" ? null : next)}
        />
        <Button type="submit" isDisabled={busy}>
          {t("presence.note.save")}
        </Button>
      </div>
    </form>
  );
}
