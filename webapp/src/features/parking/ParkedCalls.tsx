import { useEffect } from "react";
import { useCalls, useObservable } from "../../app/PhoneContext.tsx";
import { titleOf } from "../../app/words.ts";
import { useT, useTimeOfDay } from "../../i18n/I18n.tsx";
import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { forgetParked, noteParked, parked } from "./parked.ts";
import { useFetch } from "./useFetch.ts";

/** Who waits at which place since the user parked them. */
export function ParkedCalls() {
  const t = useT();
  const timeOfDay = useTimeOfDay();
  const { ended, offers } = useCalls();
  const list = useObservable(parked);
  const fetch = useFetch();

  useEffect(() => {
    for (const item of ended) noteParked(item, titleOf(t, item.call));
  }, [ended, t]);

  if (!offers.includes("unpark")) return null;
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
    </>
  );
}
