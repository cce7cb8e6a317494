import { type RefObject, useState } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import styles from "./Parking.module.css";

interface Props {
  button: string;
  field?: RefObject<HTMLInputElement | null>;
  onSlot: (slot: string) => void;
}

/** A place is named by digits. */
export function SlotForm({ button, field, onSlot }: Props) {
  const t = useT();
  const [slot, setSlot] = useState("");
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (slot !== "") onSlot(slot);
      }}
    >
      <label className={styles.label}>
        <span>{t("park.slot")}</span>
        <input
          ref={field}
          className={styles.input}
          inputMode="numeric"
          autoComplete="off"
          maxLength={8}
          value={slot}
          onChange={(event) => setSlot(event.target.value.replace(/\D/g, ""))}
        />
      </label>
      <Button type="submit" isDisabled={slot === ""}>
        {button}
      </Button>
    </form>
  );
}
