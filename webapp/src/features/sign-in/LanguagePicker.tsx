import { I18nContext, LANGUAGE_NAMES } from "@offhook/ui/i18n/language.ts";
import { use } from "react";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./SignIn.module.css";

/** Before sign-in the choice is this browser's; afterwards the user's own comes with them. */
export function LanguagePicker() {
  const t = useT();
  const { language, languages, choose } = use(I18nContext);
  return (
    <label className={styles.language}>
      <span className="visually-hidden">{t("account.language")}</span>
      <select
        className={styles.select}
        value={language}
        onChange={(event) => {
          const next = languages.find((item) => item === event.target.value);
          if (next) choose(next);
        }}
      >
        {languages.map((item) => (
          <option key={item} value={item} lang={item}>
            {LANGUAGE_NAMES[item]}
          </option>
        ))}
      </select>
    </label>
  );
}
