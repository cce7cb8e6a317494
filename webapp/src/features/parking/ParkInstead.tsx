import type { Call } from "@offhook/sdk";
import { useEffect, useRef, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { useAsk } from "../calls/callTrouble.ts";
import { allowed, shortName } from "../calls/callWords.ts";
import { parking } from "./parked.ts";
import styles from "./Parking.module.css";
import { SlotForm } from "./SlotForm.tsx";

/** To nobody yet: the other side waits at a place that any phone can fetch it from. */
export function ParkInstead({ call, onClose }: { call: Call; onClose: () => void }) {
  const t = useT();
  const phone = usePhone();
  const ask = useAsk(call.id);
  const field = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (open) field.current?.focus();
  }, [open]);

  if (!allowed(call, "park")) return null;
  return (
    <div>
      <Button look="quiet" icon="park" aria-expanded={open} onPress={() => setOpen(!open)}>
        {t("park.instead")}
      </Button>
      {open && (
        <>
          <p className={styles.hint}>{t("park.hint", { who: shortName(whoOf(t, call.remote)) })}</p>
          <SlotForm
            field={field}
            button={t("park.do")}
            onSlot={(slot) => {
              parking(call, slot);
              ask(phone.control.park(call.id, slot).then(onClose));
            }}
          />
        </>
      )}
    </div>
  );
}
