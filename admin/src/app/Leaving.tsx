import { useT } from "../i18n/I18n.tsx";
import { Confirm } from "../ui/Confirm.tsx";
import { useObservable } from "./context.ts";
import { leave, leavingFor } from "./unsaved.ts";

/** Asked before what was typed on this page is lost by going to another one. */
export function Leaving() {
  const t = useT();
  const to = useObservable(leavingFor);
  if (to === null) return null;
  return (
    <Confirm
      title={t("sheet.discard.title")}
      text={t("sheet.discard.text")}
      confirm={t("sheet.discard")}
      cancel={t("sheet.keep")}
      work={() => {
        leave(to);
        return Promise.resolve();
      }}
      onClose={() => leavingFor.set(null)}
    />
  );
}
