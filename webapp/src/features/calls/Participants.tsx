import type { Call } from "@offhook/sdk";
import { usePhone } from "../../app/PhoneContext.tsx";
import { numberOf, whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import { useAsk } from "./callTrouble.ts";
import { allowed } from "./callWords.ts";
import styles from "./Participants.module.css";

/** Who is in the conference; each can be let go where the phone system lets us. */
export function Participants({ call }: { call: Call }) {
  const t = useT();
  const phone = usePhone();
  const ask = useAsk(call.id);
  if (call.kind !== "conference") return null;
  return (
    <ul className={styles.list} aria-label={t("conference.participants")}>
      {call.participants.map((one) => {
        const who = whoOf(t, one);
        const number = numberOf(one);
        return (
          <li key={one.id} className={styles.one}>
            <Avatar name={one.name} />
            <span className={styles.name}>
              {who}
              {number !== who && number !== "" && <span className={styles.number}>{number}</span>}
            </span>
            {allowed(call, "drop") && (
              <IconButton
                icon="hangup"
                label={t("conference.drop", { who })}
                onPress={() => ask(phone.control.drop(call.id, one.id))}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
