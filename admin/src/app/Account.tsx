import { Button } from "@offhook/ui/Button.tsx";
import { use } from "react";
import { I18nContext, LANGUAGE_NAMES } from "@offhook/ui/i18n/language.ts";
import { useT } from "../i18n/I18n.tsx";
import { SelectField } from "../ui/Fields.tsx";
import styles from "./Account.module.css";
import { useApi, useMe } from "./context.ts";

/** Who one is here, in which language, and the way out. */
export function Account() {
  const t = useT();
  const api = useApi();
  const { user } = useMe();
  const { language, languages, choose } = use(I18nContext);
  return (
    <section className={styles.account} aria-label={t("account.label")}>
      <p className={styles.name}>{user.name}</p>
      <p className={styles.detail}>{user.email}</p>
      <SelectField
        label={t("account.language")}
        value={language}
        options={languages.map((value) => ({ value, label: LANGUAGE_NAMES[value], lang: value }))}
        onChange={(next) => {
          const chosen = languages.find((item) => item === next);
          if (chosen) choose(chosen);
        }}
      />
      <a className={styles.link} href="/">
        {t("account.phone")}
      </a>
      <Button icon="signOut" onPress={() => void api.session.signOut().catch(() => undefined)}>
        {t("account.signOut")}
      </Button>
    </section>
  );
}
