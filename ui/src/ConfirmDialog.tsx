import { useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { type Problem, toProblem } from "@offhook/sdk/api";
import { Button } from "./Button.tsx";
import styles from "./ConfirmDialog.module.css";
import { Note } from "./Note.tsx";

interface Props {
  title: string;
  /** What it touches, and that there is no way back. */
  text: string;
  /** The result, not "OK". */
  confirm: string;
  cancel: string;
  /** What a refusal means. */
  words: (problem: Problem) => string;
  work: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks before something that cannot be undone. The safe way out has the focus. */
export default function ConfirmDialog(props: Props) {
  const { title, text, confirm, cancel, words, work, onClose } = props;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const go = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      onClose();
    } catch (error) {
      setProblem(toProblem(error));
      setBusy(false);
    }
  };

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
        <Dialog className={styles.dialog ?? ""} role="alertdialog" aria-label={title}>
          <h2 className={styles.title}>{title}</h2>
          <p>{text}</p>
          {problem && <Note kind="danger">{words(problem)}</Note>}
          <div className={styles.buttons}>
            <Button autoFocus onPress={onClose}>
              {cancel}
            </Button>
            <Button look="danger" isDisabled={busy} onPress={() => void go()}>
              {confirm}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
