import type { PersonPresence } from "@offhook/sdk";
import { useIntl } from "react-intl";
import { useT } from "../../i18n/I18n.tsx";
import { PresenceMark } from "./PresenceMark.tsx";
import styles from "./PresenceMark.module.css";
import { presenceWords } from "./presenceWords.ts";

/** Mark and words for a row; nothing before anything is known. */
export function PresenceLine({ seen }: { seen: PersonPresence | undefined }) {
  const t = useT();
  const intl = useIntl();
  if (!seen || seen.state === "unknown") return null;
  const words = presenceWords(t, intl, seen, new Date());
  return (
    <span className={styles.line}>
      <PresenceMark state={seen.state} />
      <span className={styles.words} title={words}>
        {words}
      </span>
    </span>
  );
}
