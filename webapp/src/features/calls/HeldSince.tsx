import { type Call, isHeldHere } from "@offhook/sdk";
import { useEffect, useState } from "react";
import { useLegView, usePhone } from "../../app/PhoneContext.tsx";
import { clockText, useNow } from "@offhook/ui/clock.ts";
import styles from "./HeldCard.module.css";

/** After this long on hold people wonder whether they were forgotten. */
const LONG_MS = 60_000;
/** Then the user is told once by a tone, in the tab that has the sound. */
const REMIND_MS = 120_000;

/** How long somebody waits, as far as this page knows. */
export function HeldSince({ call }: { call: Call }) {
  const here = useLegView(call.id) !== undefined;
  return isHeldHere(call) ? <Waiting here={here} /> : null;
}

function Waiting({ here }: { here: boolean }) {
  const { ringer } = usePhone();
  const [began] = useState(() => Date.now());

  useEffect(() => {
    if (!here) return;
    const timer = setTimeout(() => ringer.remind(), Math.max(0, began + REMIND_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [here, began, ringer]);

  const now = useNow(true);
  const waited = now - began;
  return (
    <span className={styles.waiting} data-long={waited >= LONG_MS} aria-hidden="true">
      {` · ${clockText(waited)}`}
    </span>
  );
}
