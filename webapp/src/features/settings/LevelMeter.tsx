import { useEffect, useRef } from "react";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Settings.module.css";

/** Speech in a quiet room is well above this, the noise of the room below. */
const SPEECH = 0.35;

interface Props {
  level: () => number;
  /** Once, when something as loud as speech was heard. */
  onHeard: () => void;
}

/** Drawn past React: sixty pictures a second are no state of the page. */
export function LevelMeter({ level, onHeard }: Props) {
  const t = useT();
  const bar = useRef<HTMLMeterElement>(null);
  const ask = useRef({ level, onHeard });
  useEffect(() => {
    ask.current = { level, onHeard };
  });

  useEffect(() => {
    let heard = false;
    let frame = requestAnimationFrame(function draw() {
      const now = ask.current.level();
      if (bar.current) bar.current.value = now;
      if (now >= SPEECH && !heard) {
        heard = true;
        ask.current.onHeard();
      }
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, []);

  return (
    <meter ref={bar} className={styles.meter} min={0} max={1} aria-label={t("selftest.level")} />
  );
}
