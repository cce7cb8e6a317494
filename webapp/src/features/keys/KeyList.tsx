import { type MessageId, useT } from "../../i18n/I18n.tsx";
import styles from "./KeyList.module.css";

const KEYS: [string, MessageId][] = [
  ["/", "keys.search"],
  ["M", "keys.mute"],
  ["H", "keys.hold"],
  ["K", "keys.keypad"],
  ["0–9", "keys.digits"],
  ["N", "keys.add"],
  ["S", "keys.swap"],
  ["T", "keys.transfer"],
  ["V", "keys.move"],
  ["A", "keys.answer"],
  ["D", "keys.decline"],
  ["E", "keys.end"],
  ["F8", "keys.incoming"],
  ["?", "keys.help"],
];

export function KeyList() {
  const t = useT();
  return (
    <div>
      <h2 className={styles.subtitle}>{t("keys.title")}</h2>
      <dl className={styles.keys}>
        {KEYS.map(([key, words]) => (
          <div key={key} className={styles.key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(words)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
