import { useRef } from "react";
import { Button } from "react-aria-components/Button";
import { type MessageId, useT } from "../i18n/I18n.tsx";
import styles from "./KeyGrid.module.css";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const LONG_PRESS_MS = 500;

interface Props {
  label: string;
  onKey: (key: string) => void;
  /** Long press on 0, as on every phone. */
  onPlus?: () => void;
}

/** Twelve keys. Their names are the digits alone, also for screen readers and tests. */
export function KeyGrid({ label, onKey, onPlus }: Props) {
  const t = useT();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  return (
    <div className={styles.grid} role="group" aria-label={label}>
      {KEYS.map((key) => {
        const letters = /[2-9]/.test(key) || (key === "0" && onPlus) ? key : null;
        return (
          <Button
            key={key}
            className={styles.key ?? ""}
            aria-label={key}
            onPressStart={() => {
              onKey(key);
              if (key === "0" && onPlus) timer.current = setTimeout(onPlus, LONG_PRESS_MS);
            }}
            onPressEnd={() => clearTimeout(timer.current)}
          >
            <span className={styles.digit}>{key}</span>
            <span
              className={styles.letters}
              data-letters={letters === null ? "" : t(`key.letters.${letters}` as MessageId)}
              aria-hidden="true"
            />
          </Button>
        );
      })}
    </div>
  );
}
