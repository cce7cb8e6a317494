import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { useNow } from "@offhook/ui/clock.ts";
import { Note } from "@offhook/ui/Note.tsx";

/** The user let this device take calls by itself: when, and the way to stop it this time. */
export function AutoAnswerNote({ callId }: { callId: string }) {
  const t = useT();
  const phone = usePhone();
  const leads = useObservable(phone.leader);
  const due = useObservable(phone.autoAnswer.due)[callId];
  const now = useNow(due !== undefined);
  if (!leads || due === undefined) return null;
  const seconds = Math.max(0, Math.ceil((due - now) / 1000));
  return (
    <Note
      kind="info"
      live={false}
      action={
        <Button onPress={() => phone.autoAnswer.cancel(callId)}>{t("incoming.auto.stop")}</Button>
      }
    >
      {t("incoming.auto", { n: seconds })}
    </Note>
  );
}
