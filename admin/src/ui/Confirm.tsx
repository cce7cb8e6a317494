import ConfirmDialog from "@offhook/ui/ConfirmDialog.tsx";
import { useProblemWords } from "../app/words.ts";
import { useT } from "../i18n/I18n.tsx";

interface Props {
  title: string;
  text: string;
  confirm: string;
  /** The safe way out, where "Cancel" says too little. */
  cancel?: string;
  work: () => Promise<unknown>;
  onClose: () => void;
}

/** Says what an act touches before it is done. */
export function Confirm(props: Props) {
  const t = useT();
  const words = useProblemWords();
  return <ConfirmDialog cancel={t("common.cancel")} {...props} words={words} />;
}
