import { CONTACT_FILES } from "@offhook/sdk/contacts";
import { useIntl } from "react-intl";
import { DropZone } from "react-aria-components/DropZone";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Button } from "../Button.tsx";
import { Icon } from "../Icon.tsx";
import styles from "./Contacts.module.css";

interface Props {
  /** The name of the file that is on its way. */
  sending: string | null;
  onFile: (file: File) => void;
}

/** An address book, dropped or chosen. */
export function ContactFile({ sending, onFile }: Props) {
  const intl = useIntl();
  const t = (id: string, file = "") =>
    intl.formatMessage({ id: `contacts.import.${id}` }, { file });
  return (
    <DropZone
      className={styles.drop ?? ""}
      aria-label={t("drop")}
      isDisabled={sending !== null}
      onDrop={(event) => {
        const dropped = event.items.find((item) => item.kind === "file");
        if (dropped) void dropped.getFile().then(onFile);
      }}
    >
      <Icon name="upload" size={30} />
      {sending === null ? (
        <>
          <p>{t("drop")}</p>
          <FileTrigger
            acceptedFileTypes={[...CONTACT_FILES]}
            onSelect={(files) => {
              const file = files?.[0];
              if (file) onFile(file);
            }}
          >
            <Button look="primary">{t("pick")}</Button>
          </FileTrigger>
        </>
      ) : (
        <>
          <p role="status">{t("reading", sending)}</p>
          <progress aria-label={t("reading", sending)} />
          <p className={styles.hint}>{t("leave")}</p>
        </>
      )}
    </DropZone>
  );
}
