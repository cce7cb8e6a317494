import { Icon, type IconName } from "@offhook/ui/Icon.tsx";
import type { ReactNode } from "react";
import styles from "./State.module.css";

export type Tone = "ok" | "warn" | "danger" | "quiet";

const ICONS: Record<Tone, IconName> = {
  ok: "check",
  warn: "alert",
  danger: "close",
  quiet: "info",
};

/** A state is a colour, a shape and a word. */
export function State({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={styles.state} data-tone={tone}>
      <Icon name={ICONS[tone]} size={16} />
      {children}
    </span>
  );
}
