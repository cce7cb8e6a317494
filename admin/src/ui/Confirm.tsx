import ConfirmDialog from "@offhook/ui/ConfirmDialog.tsx";
import { useProblemWords } from "../app/words.ts";
import { useT } from "../i18n/I18n.tsx";

interface Props {
  title: string;
  text: string;
  confirm: string;
  work: () => Promise<unknown>;
  onClose: () => void;
}

/** Says what an act touches before it is done. */
export function Confirm(props: Props) {
  const t = useT();
  const words = useProblemWords();
  return <ConfirmDialog {...props} cancel={t("common.cancel")} words={words} />;
}
