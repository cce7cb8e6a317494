import { cleanNumber, groupNumber } from "@offhook/sdk";
import { useLink, useObservable } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { dialRequest } from "../dial/dialRequest.ts";
import styles from "./ActiveCall.module.css";

/** From the key press until the server has taken the call: normally a few milliseconds. */
export function DiallingCard() {
  const t = useT();
  const link = useLink();
  const request = useObservable(dialRequest);
  if (request.kind !== "working") return null;
  const { name } = request.what;
  const number = cleanNumber(request.what.number)?.number ?? request.what.number;
  return (
    <article className={styles.card} aria-busy="true">
      <div className={styles.who}>
        <Avatar name={name} size="l" />
        <div className={styles.names}>
          <h1 className={styles.name}>{name ?? groupNumber(number)}</h1>
          <p className={styles.where}>{name === null ? "" : groupNumber(number)}</p>
        </div>
        <div className={styles.state}>
          <p className={styles.progress}>
            {t(link === "online" ? "call.dialling" : "status.connecting")}
          </p>
        </div>
      </div>
    </article>
  );
}
