import { useEffect, useRef } from "react";
import { useObservable } from "../app/PhoneContext.tsx";
import type { Removals } from "../app/removals.ts";
import { useProblemWords } from "../app/words.ts";
import { useT } from "../i18n/I18n.tsx";
import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import styles from "./UndoNote.module.css";

interface Props {
  removals: Removals;
  deleted: (count: number) => string;
}

/** What was deleted just now, and the way back. */
export function UndoNote({ removals, deleted }: Props) {
  const t = useT();
  const words = useProblemWords();
  const count = useObservable(removals.undoable);
  const problem = useObservable(removals.problem);
  const undo = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    // The row with the focus is gone: the keyboard goes on where the deletion can be taken back.
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (count > 0 && lost) undo.current?.focus();
  }, [count]);

  if (count === 0 && !problem) return null;
  return (
    <div className={styles.undo}>
      {problem && (
        <Note
          kind="danger"
          action={
            <IconButton
              icon="close"
              label={t("recents.problem.close")}
              onPress={() => removals.problem.set(null)}
            />
          }
        >
          {words(problem)}
        </Note>
      )}
      {count > 0 && (
        <Note
          kind="info"
          icon="trash"
          action={
            <Button ref={undo} onPress={() => removals.undo()}>
              {t("recents.undo")}
            </Button>
          }
        >
          {deleted(count)}
        </Note>
      )}
    </div>
  );
}
