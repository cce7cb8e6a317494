import { Button } from "@offhook/ui/Button.tsx";
import { useT } from "../i18n/I18n.tsx";
import styles from "./Account.module.css";
import { useApi, useMe } from "./context.ts";
import { LanguageField } from "./LanguageField.tsx";

/** Who one is here, in which language, and the way out. */
export function Account() {
  const t = useT();
  const api = useApi();
  const { user } = useMe();
  return (
    <section className={styles.account} aria-label={t("account.label")}>
      <p className={styles.name}>{user.name}</p>
      <p className={styles.detail}>{user.email}</p>
      <LanguageField />
      <a className={styles.link} href="/">
        {t("account.phone")}
      </a>
      <Button icon="signOut" onPress={() => void api.session.signOut().catch(() => undefined)}>
        {t("account.signOut")}
      </Button>
    </section>
  );
}
