import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { whoOf } from "../../app/words.ts";
import { usePickUp, useRinging } from "./usePickUp.ts";

/** Beside a colleague whose phone rings. */
export function PickUpButton({ number }: { number: string }) {
  const t = useT();
  const ringing = useRinging(number);
  const pickUp = usePickUp();
  if (!ringing) return null;
  const words = { who: whoOf(t, ringing.for), from: whoOf(t, ringing.from) };
  return (
    <Button aria-label={t("pickup.take.who", words)} onPress={() => pickUp(ringing)}>
      {t("pickup.take")}
    </Button>
  );
}
