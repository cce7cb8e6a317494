import type { PersonPresence } from "@offhook/sdk";
import styles from "./PresenceMark.module.css";

export type State = PersonPresence["state"];

/** Colour and shape; the word stands beside it. */
export function PresenceMark({ state, size = 12 }: { state: State; size?: number }) {
  return (
    <svg
      className={styles.mark}
      data-state={state}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      {SHAPES[state]}
    </svg>
  );
}

const DISC = <circle cx="6" cy="6" r="6" fill="currentColor" stroke="none" />;

const SHAPES: Record<State, React.ReactNode> = {
  available: (
    <>
      {DISC}
      <path className={styles.inner} d="M3.4 6.2l1.9 1.9 3.4-3.8" />
    </>
  ),
  busy: DISC,
  do_not_disturb: (
    <>
      {DISC}
      <path className={styles.inner} d="M3.4 6h5.2" />
    </>
  ),
  away: (
    <>
      {DISC}
      <path className={styles.inner} d="M6 3.2V6l2 1.4" />
    </>
  ),
  offline: <circle cx="6" cy="6" r="4.8" />,
  unknown: <circle cx="6" cy="6" r="4.8" strokeDasharray="2.5 2.5" />,
};
