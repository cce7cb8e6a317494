import { IconButton } from "@offhook/ui/Button.tsx";
import { type ReactNode, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useUnsaved } from "../app/unsaved.ts";
import { useT } from "../i18n/I18n.tsx";
import { Confirm } from "./Confirm.tsx";
import styles from "./Sheet.module.css";

interface Props {
  title: string;
  onClose: () => void;
  /** False while closing would lose something: a click beside it does nothing then. */
  dismissable?: boolean;
  /** False where nothing that is typed is worth a question. */
  asks?: boolean;
  /** Something was changed by other means than typing. */
  changed?: boolean;
  children: ReactNode;
}

/**
 * A page beside the page: edits one thing, keeps the list in sight. Full width on a phone. Escape,
 * a click beside it and the cross ask before what was typed is lost.
 */
export function Sheet(props: Props) {
  const { title, onClose, dismissable = true, asks = true, changed = false, children } = props;
  const t = useT();
  const [typed, setTyped] = useState(false);
  const [asking, setAsking] = useState(false);
  const dirty = asks && (typed || changed);
  useUnsaved(dirty);
  const leave = () => {
    if (dirty) setAsking(true);
    else onClose();
  };
  return (
    <>
      <ModalOverlay
        className={styles.overlay ?? ""}
        isOpen
        isDismissable={dismissable}
        isKeyboardDismissDisabled={!dismissable}
        onOpenChange={(open) => {
          if (!open) leave();
        }}
      >
        <Modal className={styles.modal ?? ""}>
          <Dialog className={styles.dialog ?? ""} aria-label={title}>
            <div className={styles.head}>
              <h2 className={styles.title}>{title}</h2>
              {dismissable && <IconButton icon="close" label={t("common.close")} onPress={leave} />}
            </div>
            <div className={styles.body} onInput={() => setTyped(true)}>
              {children}
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
      {asking && (
        <Confirm
          title={t("sheet.discard.title")}
          text={t("sheet.discard.text")}
          confirm={t("sheet.discard")}
          cancel={t("sheet.keep")}
          work={() => {
            onClose();
            return Promise.resolve();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
