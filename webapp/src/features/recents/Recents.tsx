import { lazy, Suspense, useDeferredValue, useState } from "react";
import { useCalls } from "../../app/PhoneContext.tsx";
import { hrefOf } from "../../app/route.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { Choices, ListSearch, ListTools } from "../../ui/ListTools.tsx";
import { UndoNote } from "../../ui/UndoNote.tsx";
import { Entry } from "./Entry.tsx";
import { ExportButton } from "./ExportButton.tsx";
import { type Show, SHOWS, useJournal } from "./journal.ts";
import styles from "./Recents.module.css";
import { removals } from "./removals.ts";

const ConfirmDialog = lazy(() => import("@offhook/ui/ConfirmDialog.tsx"));

const SHORT = 5;

/** The journal as the server wrote it: also calls of the desk phone, also while signed out. */
export function Recents({ short = false }: { short?: boolean }) {
  const t = useT();
  const words = useProblemWords();
  const { unread } = useCalls();
  const [show, setShow] = useState<Show>("all");
  const [text, setText] = useState("");
  const [asking, setAsking] = useState(false);
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
        <ListTools>
          <Choices
            label={t("recents.filter")}
            all={SHOWS}
            chosen={show}
            words={(one) => t(`recents.${one}`)}
            onChoose={setShow}
          />
          <ListSearch
            text={text}
            set={setText}
            label={t("recents.search")}
            short={t("recents.search.short")}
          >
            <ExportButton />
          </ListSearch>
        </ListTools>
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
        {!short && journal.entries.length > 0 && !looking && (
          <Button look="quiet" icon="trash" onPress={() => setAsking(true)}>
            {t("recents.deleteAll")}
          </Button>
        )}
      </div>
      {!short && (
        <UndoNote removals={removals} deleted={(count) => t("recents.deleted", { count })} />
      )}
      {asking && (
        <Suspense fallback={null}>
          <ConfirmDialog
            title={t("recents.deleteAll.title")}
            text={t("recents.deleteAll.text")}
            confirm={t("recents.deleteAll.confirm")}
            cancel={t("recents.deleteAll.cancel")}
            words={words}
            work={journal.removeAll}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </section>
  );
}
