import { useT } from "../i18n/I18n.tsx";
import { Icon } from "./Icon.tsx";
import styles from "./Logo.module.css";

export function Logo() {
  const t = useT();
  return (
    <span className={styles.logo}>
      <span className={styles.mark}>
        <Icon name="phone" size={22} />
      </span>
      {t("app.name")}
    </span>
  );
}
