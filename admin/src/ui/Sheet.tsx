import { IconButton } from "@offhook/ui/Button.tsx";
import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useT } from "../i18n/I18n.tsx";
import styles from "./Sheet.module.css";

interface Props {
  title: string;
  onClose: () => void;
  /** False while closing would lose something: a click beside it does nothing then. */
  dismissable?: boolean;
  children: ReactNode;
}

/** A page beside the page: edits one thing, keeps the list in sight. Full width on a phone. */
export function Sheet({ title, onClose, dismissable = true, children }: Props) {
  const t = useT();
  return (
    <ModalOverlay
      className={styles.overlay ?? ""}
      isOpen
      isDismissable={dismissable}
      isKeyboardDismissDisabled={!dismissable}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles.modal ?? ""}>
        <Dialog className={styles.dialog ?? ""} aria-label={title}>
          <div className={styles.head}>
            <h2 className={styles.title}>{title}</h2>
            {dismissable && <IconButton icon="close" label={t("common.close")} onPress={onClose} />}
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
