import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useT } from "../i18n/I18n.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { keepText } from "./download.ts";
import { CheckField } from "./Fields.tsx";
import { FormActions } from "./Form.tsx";
import styles from "./Secret.module.css";
import { Sheet } from "./Sheet.tsx";

interface Props {
  title: string;
  text: string;
  fileName: string;
  onClose: () => void;
}

/** A secret, this once. It goes when its owner says that it is kept elsewhere. */
export function Secret({ title, text, fileName, onClose }: Props) {
  const t = useT();
  const [stored, setStored] = useState(false);
  return (
    <Sheet title={title} onClose={onClose} dismissable={false}>
      <Note kind="warn" live={false}>
        {t("secret.once")}
      </Note>
      <code className={styles.text} tabIndex={0} aria-label={title}>
        {text}
      </code>
      <div className={styles.acts}>
        <CopyButton text={text} />
        <Button icon="download" onPress={() => keepText(`${text}\n`, fileName)}>
          {t("secret.file")}
        </Button>
      </div>
      <CheckField checked={stored} onChange={setStored}>
        {t("secret.stored")}
      </CheckField>
      <FormActions>
        <Button look="primary" isDisabled={!stored} onPress={onClose}>
          {t("common.done")}
        </Button>
      </FormActions>
    </Sheet>
  );
}
