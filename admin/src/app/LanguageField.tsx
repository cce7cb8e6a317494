import { I18nContext, LANGUAGE_NAMES } from "@offhook/ui/i18n/language.ts";
import { use } from "react";
import { useT } from "../i18n/I18n.tsx";
import { SelectField } from "../ui/Fields.tsx";

/** The browser's choice; no reload is needed. */
export function LanguageField({ quiet = false }: { quiet?: boolean }) {
  const t = useT();
  const { language, languages, choose } = use(I18nContext);
  return (
    <SelectField
      quiet={quiet}
      label={t("account.language")}
      value={language}
      options={languages.map((value) => ({ value, label: LANGUAGE_NAMES[value], lang: value }))}
      onChange={(next) => {
        const chosen = languages.find((item) => item === next);
        if (chosen) choose(chosen);
      }}
    />
  );
}
