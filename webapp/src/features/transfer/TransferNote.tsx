import type { Call } from "@offhook/sdk";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { parkedAt } from "../parking/parked.ts";
import { Note } from "@offhook/ui/Note.tsx";

/** While the phone system hands this call over. */
export function TransferNote({ call }: { call: Call }) {
  const t = useT();
  if (!call.transfer) return null;
  const who = whoOf(t, call.remote);
  const slot = parkedAt(call);
  const words =
    slot === undefined
      ? t("transfer.working", { who, target: whoOf(t, call.transfer.to) })
      : t("park.working", { who, slot });
  return (
    <Note kind="info" icon="transfer">
      {words}
    </Note>
  );
}
