import { type ReactNode, useId } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { AlternativeWords } from "../alternative-number/AlternativeWords.tsx";
import { type CallFrom, callFrom, useCallFrom } from "./callFrom.ts";
import styles from "./CallFromChoice.module.css";

/** Where the next call is spoken, and how that phone is now; only where there is a choice. */
export function CallFromChoice() {
  const t = useT();
  const name = useId();
  const { from, desk, alternative } = useCallFrom();
  if (desk === null && !alternative) return null;
  const option = (value: CallFrom, words: string, state?: ReactNode, usable = true) => (
    <label className={styles.option} data-chosen={from === value} data-off={!usable}>
      <input
        type="radio"
        className={styles.radio}
        name={name}
        checked={from === value}
        disabled={!usable}
        onChange={() => callFrom(value)}
      />
      <span>{words}</span>
      {state !== undefined && <span className={styles.state}>{state}</span>}
    </label>
  );
  return (
    <fieldset className={styles.choice}>
      <legend className="visually-hidden">{t("dial.from")}</legend>
      {option("browser", t("dial.from.browser"))}
      {desk &&
        option(
          "desk_phone",
          t("dial.from.desk"),
          desk.state === null || desk.state === "unknown"
            ? desk.number
            : `${desk.number} · ${t(`desk.${desk.state}`)}`,
          desk.usable,
        )}
      {alternative && option("alternative", t("dial.from.alternative"), <AlternativeWords />)}
    </fieldset>
  );
}
