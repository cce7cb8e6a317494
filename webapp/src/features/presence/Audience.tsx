import type { OwnPresence as Own } from "@offhook/sdk";
import { lazy, Suspense, useState } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import styles from "./OwnPresence.module.css";
import type { Change } from "./useChange.ts";

const ViewerPicker = lazy(() => import("./ViewerPicker.tsx"));

interface Props {
  own: Own;
  change: Change;
  busy: boolean;
}

/** Who may see the status: everybody, chosen people, nobody. */
export function Audience({ own, change, busy }: Props) {
  const t = useT();
  const [picking, setPicking] = useState(false);
  const { who, user_ids: chosen } = own.visible_to;
  return (
    <div className={styles.group}>
      <label className={styles.field}>
        <span>{t("presence.visible")}</span>
        <select
          className={styles.select}
          value={picking ? "chosen" : who}
          aria-busy={busy}
          onChange={(event) => {
            const next = event.target.value;
            setPicking(next === "chosen");
            if (next === "everyone" || next === "nobody") {
              void change({ visible_to: { who: next, user_ids: [] } });
            }
          }}
        >
          <option value="everyone">{t("presence.visible.everyone")}</option>
          <option value="chosen">{t("presence.visible.chosen", { count: chosen.length })}</option>
          <option value="nobody">{t("presence.visible.nobody")}</option>
        </select>
      </label>
      {who === "chosen" && !picking && (
        <div className={styles.row}>
          <Button onPress={() => setPicking(true)}>{t("presence.visible.change")}</Button>
        </div>
      )}
      {picking && (
        <Suspense fallback={null}>
          <ViewerPicker
            chosen={chosen}
            busy={busy}
            onCancel={() => setPicking(false)}
            onSave={(user_ids) =>
              void change({ visible_to: { who: "chosen", user_ids: [...user_ids] } }).then(
                (done) => {
                  if (done) setPicking(false);
                },
              )
            }
          />
        </Suspense>
      )}
    </div>
  );
}
