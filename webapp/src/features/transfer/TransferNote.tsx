import type { Call } from "@offhook/sdk";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Note } from "../../ui/Note.tsx";

/** While the phone system hands this call over. */
export function TransferNote({ call }: { call: Call }) {
  const t = useT();
  if (!call.transfer) return null;
  const target = whoOf(t, call.transfer.to);
  return (
    <Note kind="info" icon="transfer">
      {t("transfer.working", { who: whoOf(t, call.remote), target })}
    </Note>
  );
}
