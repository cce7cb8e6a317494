import { Store } from "@offhook/sdk";
import { useEffect } from "react";
import { useObservable } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";

/** Whom the phone system calls as soon as the user's other phone is picked up. */
export const callingBack = new Store<string | null>(null);

const SHOWN_MS = 30_000;

/** Nothing more is told of such a call: what to do now is said once. */
export function CallBackNote() {
  const t = useT();
  const who = useObservable(callingBack);

  useEffect(() => {
    if (who === null) return;
    const timer = setTimeout(() => callingBack.set(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [who]);

  if (who === null) return null;
  return (
    <Note
      kind="info"
      icon="phone"
      action={
        <IconButton icon="close" label={t("ended.close")} onPress={() => callingBack.set(null)} />
      }
    >
      {t("dial.callingBack", { who })}
    </Note>
  );
}
