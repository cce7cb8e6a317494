import { useEffect } from "react";
import { useObservable, usePhone, useStage } from "../../app/PhoneContext.tsx";
import { dueReload, waitingUpdate } from "../../app/update.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";

/** A newer version is never loaded under a running call. */
export function UpdateNote() {
  const t = useT();
  const load = useObservable(waitingUpdate);
  const reload = useObservable(dueReload);
  const { active, incoming } = useStage();
  const legs = useObservable(usePhone().legs.views);
  // A leg comes before its call and stays behind it, for the network's tone.
  const busy = active.length + incoming.length + Object.keys(legs).length > 0;

  useEffect(() => {
    if (busy || !reload) return;
    dueReload.set(null);
    reload();
  }, [busy, reload]);

  if (!load && !reload) return null;
  if (busy || !load) return <Note kind="info">{t("status.update.later")}</Note>;
  return (
    <Note kind="info" action={<Button onPress={load}>{t("status.update.now")}</Button>}>
      {t("status.update")}
    </Note>
  );
}
