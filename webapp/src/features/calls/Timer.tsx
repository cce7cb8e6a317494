import type { Call } from "@offhook/sdk";
import { useCallClock } from "../../app/callClock.ts";
import { useT } from "../../i18n/I18n.tsx";
import { clockText, useNow } from "@offhook/ui/clock.ts";
import styles from "./ActiveCall.module.css";

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
