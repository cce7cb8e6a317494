import type { ContactsImported } from "@offhook/sdk/api";
import { useId } from "react";
import { useIntl } from "react-intl";
import { Note } from "../Note.tsx";
import styles from "./Contacts.module.css";

/** What can be wrong with a row; of what is new since, the server's own words. */
const FAULTS: readonly string[] = ["card_too_long", "card_unreadable", "invalid", "number_invalid"];

/** What became of a file: how many are new, and each row that was left out with its reason. */
export function ImportResult({ result }: { result: ContactsImported }) {
  const intl = useIntl();
  const heading = useId();
  const { created, unchanged, faults, left_out: leftOut } = result;
  const t = (id: string, count = 0) =>
    intl.formatMessage({ id: `contacts.import.${id}` }, { count });
  const what = (code: string, reason: string) =>
    FAULTS.includes(code) ? intl.formatMessage({ id: `contacts.fault.${code}` }) : reason;
  return (
    <>
      <Note kind={created > 0 ? "ok" : "info"}>
        <p>{t("created", created)}</p>
        {unchanged > 0 && <p>{t("unchanged", unchanged)}</p>}
      </Note>
      {leftOut > 0 && (
        <>
          <h2 id={heading} className={styles.hint}>
            {t("leftOut", leftOut)}
          </h2>
          {/* It scrolls by itself: the keyboard must get there. */}
          <ol className={styles.faults} aria-labelledby={heading} tabIndex={0}>
            {faults.map((fault, i) => (
              <li key={i}>
                <span className={styles.row}>
                  {intl.formatMessage({ id: "contacts.import.row" }, { row: fault.row })}
                </span>
                <span className={styles.what}>{what(fault.code, fault.reason)}</span>
              </li>
            ))}
          </ol>
          {leftOut > faults.length && (
            <p className={styles.hint}>{t("more", leftOut - faults.length)}</p>
          )}
        </>
      )}
    </>
  );
}
