import { useId } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { type CallFrom, callFrom, useCallFrom } from "./callFrom.ts";
import styles from "./CallFromChoice.module.css";

/** Where the next call is spoken; only where there is a choice. */
export function CallFromChoice() {
  const t = useT();
  const name = useId();
  const { from, desk } = useCallFrom();
  if (desk === null) return null;
  const choices: [CallFrom, string][] = [
    ["browser", t("dial.from.browser")],
    ["desk_phone", t("dial.from.desk", { number: desk })],
  ];
  return (
    <fieldset className={styles.choice}>
      <legend className="visually-hidden">{t("dial.from")}</legend>
      {choices.map(([value, words]) => (
        <label key={value} className={styles.option} data-chosen={from === value}>
          <input
            type="radio"
            className={styles.radio}
            name={name}
            checked={from === value}
            onChange={() => callFrom(value)}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
