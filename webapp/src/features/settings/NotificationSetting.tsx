import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useId } from "react";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { askNotifications, useNotificationPermission } from "../ready/notifications.ts";
import styles from "./Settings.module.css";
import { useChangeSetting, useSettings } from "./useChangeSetting.ts";

/** The user's wish, and beside it what this browser lets the page do. */
export function NotificationSetting() {
  const t = useT();
  const words = useProblemWords();
  const heading = useId();
  const settings = useSettings();
  const permission = useNotificationPermission();
  const { change, problem } = useChangeSetting();
  const wanted = settings?.notifications ?? true;
  return (
    <section className={styles.box} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        {t("ready.notifications")}
      </h2>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={wanted}
          onChange={(event) => change({ notifications: event.target.checked })}
        />
        {t("settings.notifications")}
      </label>
      {wanted && permission !== "granted" && (
        <div className={styles.row}>
          <p className={styles.hint}>
            {t(
              permission === "default"
                ? "settings.notifications.ask"
                : `ready.notifications.${permission}`,
            )}
          </p>
          {permission === "default" && (
            <Button icon="bell" onPress={() => void askNotifications()}>
              {t("ready.notifications.ask")}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
