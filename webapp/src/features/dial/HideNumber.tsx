import { useCalls, useObservable } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { useCallFrom } from "./callFrom.ts";
import styles from "./DialField.module.css";
import { useDialText } from "./DialText.tsx";
import { hideNumber } from "./hideNumber.ts";

/** For the next call only; there while one is about to be dialled. */
export function HideNumber() {
  const t = useT();
  const { offers } = useCalls();
  const { text } = useDialText();
  const { from } = useCallFrom();
  const hidden = useObservable(hideNumber);
  // What is ticked can be unticked, also when it is not offered any more.
  if (!(offers.includes("hide_number") || hidden) || from !== "browser") return null;
  if (text.trim() === "" && !hidden) return null;
  return (
    <label className={styles.hide}>
      <input
        type="checkbox"
        checked={hidden}
        onChange={(event) => hideNumber.set(event.target.checked)}
      />
      {t("dial.hideNumber")}
    </label>
  );
}
