import { useT } from "../../i18n/I18n.tsx";
import { type End, ENDS } from "./ends.ts";
import styles from "./OwnPresence.module.css";

interface Props {
  label: string;
  value: End;
  onChange: (end: End) => void;
}

export function EndSelect({ label, value, onChange }: Props) {
  const t = useT();
  return (
    <label className={styles.end}>
      <span>{label}</span>
      <select
        className={styles.select}
        value={value}
        onChange={(event) => {
          const next = ENDS.find((end) => end === event.target.value);
          if (next) onChange(next);
        }}
      >
        {ENDS.map((end) => (
          <option key={end} value={end}>
            {t(`presence.end.${end}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
