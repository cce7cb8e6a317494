import { useObservable, useStage } from "../../app/PhoneContext.tsx";
import { waitingUpdate } from "../../app/update.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "../../ui/Button.tsx";
import { Note } from "../../ui/Note.tsx";

/** A newer version is never loaded under a running call. */
export function UpdateNote() {
  const t = useT();
  const load = useObservable(waitingUpdate);
  const { active, incoming } = useStage();
  if (!load) return null;
  if (active.length + incoming.length > 0) {
    return <Note kind="info">{t("status.update.later")}</Note>;
  }
  return (
    <Note kind="info" action={<Button onPress={load}>{t("status.update.now")}</Button>}>
      {t("status.update")}
    </Note>
  );
}
