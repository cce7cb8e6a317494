import { useIntl } from "react-intl";
import { useT } from "../../i18n/I18n.tsx";
import { type Choice, ENDS } from "./ends.ts";
import styles from "./OwnPresence.module.css";
import { endWords } from "./presenceWords.ts";

interface Props {
  label: string;
  /** The end that is set now; there is none to keep while it is null. */
  kept: string | null;
  value: Choice;
  onChange: (choice: Choice) => void;
}

export function EndSelect({ label, kept, value, onChange }: Props) {
  const t = useT();
  const intl = useIntl();
  return (
    <label className={styles.end}>
      <span>{label}</span>
      <select
        className={styles.select}
        value={value}
        onChange={(event) => {
          const chosen = event.target.value;
          onChange(ENDS.find((end) => end === chosen) ?? "keep");
        }}
      >
        {kept !== null && (
          <option value="keep">
            {t("presence.end.keep", { end: endWords(intl, new Date(kept), new Date()) })}
          </option>
        )}
        {ENDS.map((end) => (
          <option key={end} value={end}>
            {t(`presence.end.${end}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
