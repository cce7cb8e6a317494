import { useIntl } from "react-intl";
import { Icon } from "./Icon.tsx";
import styles from "./Logo.module.css";

export function Logo() {
  const intl = useIntl();
  return (
    <span className={styles.logo}>
      <span className={styles.mark}>
        <Icon name="phone" size={22} />
      </span>
      {intl.formatMessage({ id: "app.name" })}
    </span>
  );
}
