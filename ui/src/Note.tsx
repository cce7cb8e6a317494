import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Note.module.css";

type Kind = "info" | "ok" | "warn" | "danger";

interface Props {
  kind: Kind;
  icon?: IconName;
  children: ReactNode;
  action?: ReactNode;
  /** False where the surroundings announce already. */
  live?: boolean;
}

const ICONS: Record<Kind, IconName> = { info: "info", ok: "check", warn: "alert", danger: "alert" };

/** A sentence about a state, with what to do about it. */
export function Note({ kind, icon, children, action, live = true }: Props) {
  const role = live ? (kind === "danger" ? "alert" : "status") : undefined;
  return (
    <div className={styles.note} data-kind={kind} role={role}>
      <Icon name={icon ?? ICONS[kind]} size={20} />
      <div className={styles.text}>{children}</div>
      {action !== undefined && <div className={styles.action}>{action}</div>}
    </div>
  );
}
