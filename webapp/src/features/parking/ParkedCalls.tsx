import { useEffect, useState } from "react";
import { useCalls, useObservable } from "../../app/PhoneContext.tsx";
import { titleOf } from "../../app/words.ts";
import { useT, useTimeOfDay } from "../../i18n/I18n.tsx";
import { Button, IconButton } from "../../ui/Button.tsx";
import { Note } from "../../ui/Note.tsx";
import { useDial } from "../dial/useDial.ts";
import { forgetParked, noteParked, parked } from "./parked.ts";
import { SlotForm } from "./SlotForm.tsx";

/** Who waits at which place, and the way to fetch somebody whom another phone parked. */
export function ParkedCalls({ idle }: { idle: boolean }) {
  const t = useT();
  const timeOfDay = useTimeOfDay();
  const { ended, offers } = useCalls();
  const list = useObservable(parked);
  const { place } = useDial("browser");
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    for (const item of ended) noteParked(item, titleOf(t, item.call));
  }, [ended, t]);

  if (!offers.includes("unpark")) return null;
  const fetch = (slot: string, who: string | null) =>
    place({
      number: slot,
      name: who,
      fetch: { verb: "unpark", slot },
      onPlaced: () => {
        forgetParked(slot);
        setAsking(false);
      },
    });
  return (
    <>
      {list.map(({ slot, who, at }) => (
        <Note
          key={slot}
          kind="info"
          icon="park"
          action={
            <>
              <Button onPress={() => fetch(slot, who)}>{t("park.fetch.who", { who })}</Button>
              <IconButton
                icon="close"
                label={t("park.forget")}
                onPress={() => forgetParked(slot)}
              />
            </>
          }
        >
          {t("park.waits", { who, slot, time: timeOfDay(at) })}
        </Note>
      ))}
      {idle && (
        <div>
          <Button
            look="quiet"
            icon="park"
            aria-expanded={asking}
            onPress={() => setAsking(!asking)}
          >
            {t("park.fetch.any")}
          </Button>
          {asking && <SlotForm button={t("park.fetch")} onSlot={(slot) => fetch(slot, null)} />}
        </div>
      )}
    </>
  );
}
