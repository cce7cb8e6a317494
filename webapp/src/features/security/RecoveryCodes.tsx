import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Security.module.css";

/** Shown once: nobody can show them again, neither we. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const t = useT();
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(codes.join("\n"));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <div className={styles.form}>
      <Note kind="warn">{t("codes.keep")}</Note>
      <ol className={styles.codes} aria-label={t("codes.title")}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      {copied === false && <Note kind="info">{t("codes.copyFailed")}</Note>}
      <div className={styles.buttons}>
        <Button onPress={() => void copy()}>{t(copied ? "codes.copied" : "codes.copy")}</Button>
        <Button look="primary" onPress={onDone}>
          {t("codes.done")}
        </Button>
      </div>
    </div>
  );
}
