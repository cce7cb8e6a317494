import { useState } from "react";
import { useCalls } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import styles from "./Parking.module.css";
import { SlotForm } from "./SlotForm.tsx";
import { useFetch } from "./useFetch.ts";

/** Fetches somebody whom another phone parked, by the place. */
export function FetchParked() {
  const t = useT();
  const { offers } = useCalls();
  const fetch = useFetch();
  const [asking, setAsking] = useState(false);
  if (!offers.includes("unpark")) return null;
  return (
    <div className={styles.fetch}>
      <Button look="quiet" icon="park" aria-expanded={asking} onPress={() => setAsking(!asking)}>
        {t("park.fetch.any")}
      </Button>
      {asking && (
        <SlotForm
          button={t("park.fetch")}
          onSlot={(slot) => fetch(slot, null, () => setAsking(false))}
        />
      )}
    </div>
  );
}
