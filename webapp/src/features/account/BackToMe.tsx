import { Icon } from "@offhook/ui/Icon.tsx";
import { hrefOf } from "../../app/route.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Account.module.css";

export function BackToMe() {
  const t = useT();
  return (
    <a className={styles.back} href={hrefOf("me")}>
      <Icon name="back" size={18} />
      {t("account.back")}
    </a>
  );
}
