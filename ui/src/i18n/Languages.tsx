import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { IntlProvider } from "react-intl";
import {
  I18nContext,
  type Language,
  LANGUAGES,
  preferredLanguage,
  regional,
  storeLanguage,
} from "./language.ts";

export type Catalogue = Record<string, string>;
type Other = Exclude<Language, "en">;

interface Props {
  /** Comes with the page, and stands in where a message is missing. */
  english: Catalogue;
  /** Every other language is a file of its own, loaded when chosen. */
  loaders: Record<Other, () => Promise<{ default: Catalogue }>>;
  children: ReactNode;
}

/** A change of language needs neither a reload nor a new sign-in. */
export function Languages({ english, loaders, children }: Props) {
  const [chosen, setChosen] = useState<Language>(preferredLanguage);
  const [shown, setShown] = useState<{ language: Language; messages: Catalogue }>({
    language: "en",
    messages: english,
  });

  useEffect(() => {
    let current = true;
    const show = (messages: Catalogue) => {
      if (!current) return;
      document.documentElement.lang = chosen;
      setShown({ language: chosen, messages });
    };
    if (chosen === "en") show(english);
    else {
      loaders[chosen]()
        .then((file) => show({ ...english, ...file.default }))
        .catch(() => show(english));
    }
    return () => {
      current = false;
    };
  }, [chosen, english, loaders]);

  const choose = useCallback((language: Language) => {
    storeLanguage(language);
    setChosen(language);
  }, []);
  const value = useMemo(
    () => ({ language: chosen, languages: LANGUAGES, choose }),
    [chosen, choose],
  );

  return (
    <I18nContext value={value}>
      <IntlProvider locale={regional(shown.language)} defaultLocale="en" messages={shown.messages}>
        {children}
      </IntlProvider>
    </I18nContext>
  );
}
