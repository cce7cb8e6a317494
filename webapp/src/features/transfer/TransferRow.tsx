import type { PersonPresence } from "@offhook/sdk";
import { useT } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { PersonDetail } from "../presence/PersonDetail.tsx";
import type { Target } from "./lastTargets.ts";
import styles from "./Transfer.module.css";

interface Props {
  target: Target;
  /** How a colleague is seen now. */
  seen: PersonPresence | undefined;
  askFirst: ((target: Target) => void) | undefined;
  sendNow: ((target: Target) => void) | undefined;
}

/** Nobody is hidden for being busy. What the phone system cannot do has no button. */
export function TransferRow({ target, seen, askFirst, sendNow }: Props) {
  const t = useT();
  const who = target.name ?? target.shown;
  return (
    <li className={styles.row}>
      <Avatar name={target.name} />
      <span className={styles.name}>
        {who}
        {target.name !== null && (
          <span className={styles.number}>
            <PersonDetail number={target.shown} seen={seen} />
          </span>
        )}
      </span>
      <span className={styles.buttons}>
        {askFirst && (
          <Button
            look="primary"
            aria-label={t("transfer.askFirst.who", { who })}
            onPress={() => askFirst(target)}
          >
            {t("transfer.askFirst")}
          </Button>
        )}
        {sendNow && (
          <Button aria-label={t("transfer.sendNow.who", { who })} onPress={() => sendNow(target)}>
            {t("transfer.sendNow")}
          </Button>
        )}
      </span>
    </li>
  );
}
