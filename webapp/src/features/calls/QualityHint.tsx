import type { LegView } from "@offhook/sdk";
import { useT } from "../../i18n/I18n.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import styles from "./QualityHint.module.css";

/** One word about the line. Without figures it says so instead of pretending. */
export function QualityHint({ leg, held }: { leg: LegView; held: boolean }) {
  const t = useT();
  if (held) return null;
  const kind = leg.state === "recovering" ? "recovering" : leg.quality;
  return (
    <span className={styles.hint} data-kind={kind}>
      {kind === "good" && <Icon name="check" size={14} />}
      {(kind === "weak" || kind === "recovering") && <Icon name="alert" size={14} />}
      {t(`quality.${kind}`)}
    </span>
  );
}
