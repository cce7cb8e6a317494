import type { Call } from "@offhook/sdk";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useAsk } from "../calls/callTrouble.ts";

/** A call that is heard somewhere else, and the one click that takes it over. */
export function BringHere({ call, words }: { call: Call; words: string }) {
  const t = useT();
  const phone = usePhone();
  const ask = useAsk(call.id);
  return (
    <Note
      kind="info"
      action={
        <Button look="primary" onPress={() => ask(phone.bringHere(call.id))}>
          {t("call.bring")}
        </Button>
      }
    >
      {words}
    </Note>
  );
}
