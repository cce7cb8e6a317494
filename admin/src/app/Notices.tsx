import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { useEffect } from "react";
import { useT } from "../i18n/I18n.tsx";
import { useObservable } from "./context.ts";
import styles from "./Notices.module.css";
import { notice } from "./notices.ts";

const SHOWN_MS = 6_000;
/** With a way back in it: long enough to change one's mind. */
const UNDO_MS = 10_000;

export function Notices() {
  const t = useT();
  const shown = useObservable(notice);
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(
      () => {
        if (notice.get()?.id === shown.id) notice.set(null);
      },
      shown.undo ? UNDO_MS : SHOWN_MS,
    );
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div role="status" className={styles.place}>
      {shown && (
        <div className={styles.notice}>
          <span className={styles.text}>{shown.text}</span>
          {shown.undo && (
            <Button
              look="quiet"
              onPress={() => {
                notice.set(null);
                shown.undo?.work();
              }}
            >
              {shown.undo.label}
            </Button>
          )}
          <IconButton icon="close" label={t("common.close")} onPress={() => notice.set(null)} />
        </div>
      )}
    </div>
  );
}
