import type { JournalEntry } from "@offhook/sdk";
import { useDeferredValue, useState } from "react";
import { useIntl } from "react-intl";
import { useCalls } from "../../app/PhoneContext.tsx";
import { hrefOf } from "../../app/route.ts";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button, IconButton } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { ListState } from "../../ui/ListState.tsx";
import { ListTitle } from "../../ui/ListTitle.tsx";
import { Row } from "../../ui/Row.tsx";
import { useDial } from "../dial/useDial.ts";
import { durationWords, entryIcon, isMissed, kindWords, whenWords } from "./entryWords.ts";
import { ExportButton } from "./ExportButton.tsx";
import { type Show, SHOWS, useJournal } from "./journal.ts";
import styles from "./Recents.module.css";

const SHORT = 5;

/** The journal as the server wrote it: also calls of the desk phone, also while signed out. */
export function Recents({ short = false }: { short?: boolean }) {
  const t = useT();
  const { unread } = useCalls();
  const [show, setShow] = useState<Show>("all");
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.trim());
  const journal = useJournal(show, wanted);
  const entries = short ? journal.entries.slice(0, SHORT) : journal.entries;
  const looking = show !== "all" || wanted !== "";

  return (
    <section aria-labelledby="recents-title">
      <ListTitle
        id="recents-title"
        level={short ? 2 : 1}
        action={
          !short && unread > 0 ? (
            <Button look="quiet" onPress={() => void journal.markRead().catch(() => undefined)}>
              {t("recents.markRead")}
            </Button>
          ) : undefined
        }
      >
        {t(short ? "recents.short" : "recents.title")}
      </ListTitle>
      {!short && (journal.entries.length > 0 || looking) && (
        <div className={styles.tools}>
          <div className={styles.filter} role="group" aria-label={t("recents.filter")}>
            {SHOWS.map((one) => (
              <Choice
                key={one}
                on={show === one}
                words={t(`recents.${one}`)}
                set={() => setShow(one)}
              />
            ))}
          </div>
          <div className={styles.search}>
            <input
              type="search"
              className={styles.field}
              value={text}
              maxLength={100}
              aria-label={t("recents.search")}
              placeholder={t("recents.search")}
              onChange={(event) => setText(event.target.value)}
            />
            <ExportButton />
          </div>
        </div>
      )}
      <ul>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} onRemove={short ? null : journal.remove} />
        ))}
      </ul>
      {entries.length === 0 && (
        <ListState
          status={journal.status}
          icon="recents"
          empty={t(looking ? "recents.empty.found" : "recents.empty")}
          {...(looking ? {} : { hint: t("recents.empty.hint") })}
          onRetry={journal.retry}
        />
      )}
      <div className={styles.foot}>
        {short && journal.entries.length > SHORT && (
          <a href={hrefOf("recents")}>{t("recents.more")}</a>
        )}
        {!short && journal.more && <Button onPress={journal.more}>{t("recents.loadMore")}</Button>}
      </div>
    </section>
  );
}

function Choice({ on, words, set }: { on: boolean; words: string; set: () => void }) {
  return (
    <button type="button" className={styles.choice} aria-pressed={on} onClick={set}>
      {words}
    </button>
  );
}

interface EntryProps {
  entry: JournalEntry;
  onRemove: ((id: string) => Promise<unknown>) | null;
}

function Entry({ entry, onRemove }: EntryProps) {
  const t = useT();
  const { locale } = useIntl();
  const { deviceId } = useCalls();
  const { dial } = useDial();
  const who = whoOf(t, entry);
  const what = kindWords(t, entry, deviceId);
  const duration = durationWords(t, entry.duration_ms);
  const when = whenWords(t, entry.started_at, locale, new Date());
  const number = entry.number.canonical || entry.number.dialled;
  return (
    <Row
      avatar={entry.name}
      title={who}
      tone={isMissed(entry) ? "missed" : "plain"}
      detail={
        <span className={styles.what}>
          <Icon name={entryIcon(entry)} size={14} />
          {duration === null ? what : `${what} · ${duration}`}
          {entry.unread && <span className={styles.unread}>{t("recents.unread")}</span>}
        </span>
      }
      aside={<time dateTime={entry.started_at}>{when}</time>}
      onPress={() => {
        if (number !== "") dial(number, entry.name ?? undefined);
      }}
      actions={
        onRemove && (
          <IconButton
            icon="trash"
            label={t("recents.delete")}
            onPress={() => void onRemove(entry.id).catch(() => undefined)}
          />
        )
      }
    />
  );
}
