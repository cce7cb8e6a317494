import { useId } from "react";
import { useT } from "../i18n/I18n.tsx";
import styles from "./Progress.module.css";

/** How far something is that takes its time. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  const t = useT();
  const id = useId();
  return (
    <div className={styles.progress}>
      <label id={id}>{label}</label>
      <progress aria-labelledby={id} max={Math.max(1, total)} value={done} />
      <span role="status" className="tabular">
        {t("progress.of", { done, total })}
      </span>
    </div>
  );
}
