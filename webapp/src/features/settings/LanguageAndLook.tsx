import { I18nContext, LANGUAGE_NAMES } from "@offhook/ui/i18n/language.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { use, useId } from "react";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Settings.module.css";
import { applyTheme, THEMES } from "./theme.ts";
import { useChangeSetting, useSettings } from "./useChangeSetting.ts";

export function LanguageAndLook() {
  const t = useT();
  const words = useProblemWords();
  const heading = useId();
  const { language, languages, choose } = use(I18nContext);
  const { change, problem } = useChangeSetting();
  const theme = useSettings()?.theme ?? "system";
  return (
    <section className={styles.box} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        {t("settings.look")}
      </h2>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      <label className={styles.field}>
        <span>{t("account.language")}</span>
        <select
          className={styles.select}
          value={language}
          onChange={(event) => {
            const next = languages.find((item) => item === event.target.value);
            if (!next) return;
            choose(next);
            change({ language: next });
          }}
        >
          {languages.map((item) => (
            <option key={item} value={item} lang={item}>
              {LANGUAGE_NAMES[item]}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.field}>
        <span>{t("settings.theme")}</span>
        <select
          className={styles.select}
          value={theme}
          onChange={(event) => {
            const next = THEMES.find((item) => item === event.target.value);
            if (!next) return;
            applyTheme(next);
            change({ theme: next });
          }}
        >
          {THEMES.map((item) => (
            <option key={item} value={item}>
              {t(`settings.theme.${item}`)}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}
