import type { EndedCall } from "@offhook/sdk";
import { useEffect } from "react";
import { useCallClock } from "../../app/callClock.ts";
import { usePhone } from "../../app/PhoneContext.tsx";
import { numberOf, whoOf } from "../../app/words.ts";
import { useT, useTimeOfDay } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { useDial } from "../dial/useDial.ts";
import styles from "./EndedCard.module.css";
import { endedWords, lingerMs } from "./endedWords.ts";

/** How a call ended, in words, for as long as that is of use. */
export function EndedCard({ item }: { item: EndedCall }) {
  const t = useT();
  const timeOfDay = useTimeOfDay();
  const phone = usePhone();
  const started = useCallClock();
  const { dial } = useDial();
  const { call } = item;
  const who = whoOf(t, call.remote);
  const stay = lingerMs(call);

  useEffect(() => {
    if (stay === null) return;
    const timer = setTimeout(() => phone.dismiss(call.id), stay);
    return () => clearTimeout(timer);
  }, [phone, call.id, stay]);

  const number = call.remote.number.canonical || call.remote.number.dialled;
  const talked = call.answered_at === null ? 0 : item.at - started(call);
  return (
    <article className={styles.card} aria-label={t("ended.region")} data-reason={call.reason}>
      <Avatar name={call.remote.name} />
      <div className={styles.text}>
        <h2 className={styles.name}>{who}</h2>
        <p className={styles.words}>
          {endedWords(t, item, {
            who,
            number: numberOf(call.remote),
            time: timeOfDay(item.at),
            talkedMs: talked,
          })}
        </p>
      </div>
      {number !== "" && (
        <Button
          icon="phone"
          onPress={() => {
            phone.dismiss(call.id);
            dial(number, call.remote.name ?? undefined);
          }}
        >
          {t(call.direction === "in" ? "ended.back" : "ended.again")}
        </Button>
      )}
      <IconButton icon="close" label={t("ended.close")} onPress={() => phone.dismiss(call.id)} />
    </article>
  );
}
