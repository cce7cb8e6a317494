import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useT } from "../../i18n/I18n.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import styles from "./HelpSheet.module.css";
import { KeyList } from "./KeyList.tsx";

/** All keys at a glance, from anywhere by "?". */
export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <ModalOverlay
      className={styles.overlay ?? ""}
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles.modal ?? ""}>
        <Dialog className={styles.dialog ?? ""} aria-label={t("keys.title")}>
          <div className={styles.close}>
            <IconButton icon="close" label={t("keys.close")} onPress={onClose} />
          </div>
          <KeyList />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
