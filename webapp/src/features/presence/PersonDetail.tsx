import type { PersonPresence } from "@offhook/sdk";
import { PresenceLine } from "./PresenceLine.tsx";
import styles from "./PresenceMark.module.css";

/** A person's number and how they are seen, under the name. */
export function PersonDetail({
  number,
  seen,
}: {
  number: string;
  seen: PersonPresence | undefined;
}) {
  return (
    <span className={styles.detail}>
      <span>{number}</span>
      <PresenceLine seen={seen} />
    </span>
  );
}
