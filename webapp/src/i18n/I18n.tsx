import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { IntlProvider, useIntl } from "react-intl";
import en from "./en.json";
import {
  I18nContext,
  type Language,
  LANGUAGES,
  preferredLanguage,
  regional,
  storeLanguage,
} from "./language.ts";

type Catalogue = Record<string, string>;

/** English comes with the page; every other language is a file of its own, loaded when chosen. */
const LOADERS: Record<Exclude<Language, "en">, () => Promise<{ default: Catalogue }>> = {
  de: () => import("./de.json"),
};

export function I18n({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<Language>(preferredLanguage);
  const [shown, setShown] = useState<{ language: Language; messages: Catalogue }>({
    language: "en",
    messages: en,
  });

  useEffect(() => {
    let current = true;
    const show = (messages: Catalogue) => {
      if (!current) return;
      document.documentElement.lang = chosen;
      setShown({ language: chosen, messages });
    };
    if (chosen === "en") show(en);
    else {
      LOADERS[chosen]()
        .then((file) => show({ ...en, ...file.default }))
        .catch(() => show(en));
    }
    return () => {
      current = false;
    };
  }, [chosen]);

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

export type MessageId = keyof typeof en;
type Values = Record<string, string | number | Date>;
export type Translate = (id: MessageId, values?: Values) => string;

/** The time of day as people write it here. */
export function useTimeOfDay(): (at: Date | number) => string {
  const intl = useIntl();
  return useCallback((at) => intl.formatTime(at, { hour: "2-digit", minute: "2-digit" }), [intl]);
}

/** All words of the interface come through here. */
export function useT(): Translate {
  const intl = useIntl();
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl]);
}
