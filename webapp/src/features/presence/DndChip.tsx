import { useIntl } from "react-intl";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { dndWords } from "./dndWords.ts";
import styles from "./DndChip.module.css";
import { PresenceMark } from "./PresenceMark.tsx";
import { useChange } from "./useChange.ts";
import { useOwnPresence } from "./usePresence.ts";

/** Callers hear busy: that must be seen wherever one is, and ended in one click. */
export function DndChip() {
  const t = useT();
  const intl = useIntl();
  const words = useProblemWords();
  const own = useOwnPresence();
  const { change, busy, problem } = useChange();
  if (!own?.do_not_disturb.on) return null;
  return (
    <div className={styles.chip} role="status">
      <PresenceMark state="do_not_disturb" size={14} />
      <span className={styles.words}>
        {problem ? words(problem) : dndWords(t, intl, own.do_not_disturb, new Date())}
      </span>
      <Button
        look="quiet"
        isDisabled={busy}
        onPress={() => void change({ do_not_disturb: { on: false, until: null } })}
      >
        {t("presence.dnd.end")}
      </Button>
    </div>
  );
}
