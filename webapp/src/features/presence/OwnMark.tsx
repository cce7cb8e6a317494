import type { ReactNode } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { PresenceMark } from "./PresenceMark.tsx";
import styles from "./PresenceMark.module.css";
import { useOwnPresence } from "./usePresence.ts";

/** The user's picture with the own state at its corner; the word is for who cannot see it. */
export function OwnMark({ children }: { children: ReactNode }) {
  const t = useT();
  const own = useOwnPresence();
  return (
    <span className={styles.own}>
      {children}
      {own && (
        <span className={styles.corner}>
          <PresenceMark state={own.state} size={14} />
          <span className="visually-hidden">
            {t("presence.you", { state: t(`presence.${own.state}`) })}
          </span>
        </span>
      )}
    </span>
  );
}
