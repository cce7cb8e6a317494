import type { JournalEntry } from "@offhook/sdk";
import { lazy, Suspense, useState } from "react";
import { useIntl } from "react-intl";
import { useCalls } from "../../app/PhoneContext.tsx";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { Row } from "../../ui/Row.tsx";
import { useDial } from "../dial/useDial.ts";
import { durationWords, entryIcon, isMissed, kindWords, whenWords } from "./entryWords.ts";
import styles from "./Recents.module.css";

const EntryDetails = lazy(() => import("./EntryDetails.tsx"));

interface Props {
  entry: JournalEntry;
  /** Null in the short list, which has no actions. */
  onRemove: ((id: string) => void) | null;
}

/** One call of the history: pressing it calls back. */
export function Entry({ entry, onRemove }: Props) {
  const t = useT();
  const { locale } = useIntl();
  const { deviceId } = useCalls();
  const { dial } = useDial();
  const [open, setOpen] = useState(false);
  const who = whoOf(t, entry);
  const what = kindWords(t, entry, deviceId);
  const duration = durationWords(t, entry.duration_ms);
  const when = whenWords(t, entry.started_at, locale, new Date());
  // Beside two buttons there is no room for it.
  const time = <time dateTime={entry.started_at}>{when}</time>;
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
          {onRemove && " · "}
          {onRemove && time}
          {entry.unread && <span className={styles.unread}>{t("recents.unread")}</span>}
        </span>
      }
      aside={onRemove ? undefined : time}
      onPress={() => {
        if (number !== "") dial(number, entry.name ?? undefined);
      }}
      actions={
        onRemove && (
          <span className={styles.actions}>
            <IconButton
              icon="info"
              label={t(open ? "recents.details.hide" : "recents.details")}
              aria-expanded={open}
              onPress={() => setOpen(!open)}
            />
            <IconButton
              icon="trash"
              label={t("recents.delete")}
              onPress={() => onRemove(entry.id)}
            />
          </span>
        )
      }
      below={
        open ? (
          <Suspense fallback={null}>
            <EntryDetails entry={entry} />
          </Suspense>
        ) : undefined
      }
    />
  );
}
