import { useEffect } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { NARROW, useMedia } from "@offhook/ui/media.ts";
import styles from "./AddCall.module.css";
import { useDialText } from "./DialText.tsx";
import { DialPad } from "./DialPad.tsx";

/** A second call is dialled like the first one, in the one field for names and numbers. */
export function AddCall({ onClose }: { onClose: () => void }) {
  const t = useT();
  const { field } = useDialText();
  const narrow = useMedia(NARROW);

  useEffect(() => {
    field.current?.focus();
  }, [field]);

  return (
    <section
      className={styles.add}
      aria-label={t("call.add")}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <p className={styles.hint}>{t("call.add.hint")}</p>
      {!narrow && <DialPad />}
    </section>
  );
}
