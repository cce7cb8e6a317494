import { type ReactNode, useEffect, useId, useRef } from "react";
import styles from "./Security.module.css";

interface Props {
  title: string;
  /** How far something is in it: the button that led to the next step may be gone with the focus. */
  step?: string | undefined;
  children: ReactNode;
}

export function Section({ title, step, children }: Props) {
  const heading = useId();
  const box = useRef<HTMLElement>(null);
  const before = useRef(step);
  useEffect(() => {
    const last = before.current;
    before.current = step;
    // Not by what comes with the page.
    if (last === undefined || last === step) return;
    if (document.activeElement === document.body) box.current?.focus();
  }, [step]);
  return (
    <section ref={box} tabIndex={-1} className={styles.box} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        {title}
      </h2>
      {children}
    </section>
  );
}
