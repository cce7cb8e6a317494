import { type Call, isHeldHere } from "@offhook/sdk";
import { useState } from "react";
import { clockText, useNow } from "../../ui/clock.ts";
import styles from "./HeldCard.module.css";

/** After this long on hold people wonder whether they were forgotten. */
const LONG_MS = 60_000;

/** How long somebody waits, as far as this page knows. */
export function HeldSince({ call }: { call: Call }) {
  return isHeldHere(call) ? <Waiting /> : null;
}

function Waiting() {
  const [began] = useState(() => Date.now());
  const now = useNow(true);
  const waited = now - began;
  return (
    <span className={styles.waiting} data-long={waited >= LONG_MS} aria-hidden="true">
      {` · ${clockText(waited)}`}
    </span>
  );
}
