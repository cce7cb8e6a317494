import { useCalls } from "../../app/PhoneContext.tsx";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { usePickUp } from "./usePickUp.ts";

/** Phones of colleagues that ring now. Quiet: nobody asked this user, but may be glad of help. */
export function PickupOffers() {
  const t = useT();
  const { pickups } = useCalls();
  const pickUp = usePickUp();
  return pickups.map((pickup) => {
    const who = whoOf(t, pickup.for);
    const from = whoOf(t, pickup.from);
    return (
      <Note
        key={pickup.id}
        kind="info"
        icon="bell"
        action={
          <Button
            icon="phone"
            aria-label={t("pickup.take.who", { who, from })}
            onPress={() => pickUp(pickup)}
          >
            {t("pickup.take")}
          </Button>
        }
      >
        {t("pickup.rings", { who, from })}
        {pickup.group !== null && ` · ${t("pickup.group", { group: pickup.group })}`}
      </Note>
    );
  });
}
