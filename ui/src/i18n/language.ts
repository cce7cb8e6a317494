import { createContext } from "react";

export const LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "ca"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in itself: whoever looks for it reads no other. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  it: "Italiano",
  nl: "Nederlands",
  ca: "Català",
};

const KEY = "offhook.language";

export interface I18nChoice {
  language: Language;
  languages: readonly Language[];
  choose: (language: Language) => void;
}

export const I18nContext = createContext<I18nChoice>({
  language: "en",
  languages: LANGUAGES,
  choose: () => undefined,
});

/** What the user chose, else the first language of the browser that we have. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  const wished = stored === null ? navigator.languages : [stored];
  for (const wish of wished) {
    const match = LANGUAGES.find((language) => wish.toLowerCase().startsWith(language));
    if (match) return match;
  }
  return "en";
}

/** The language as spoken where the browser is: en-GB writes 16:05, en-US 4:05 PM. */
export function regional(language: Language): string {
  return navigator.languages.find((wish) => wish.split("-")[0] === language) ?? language;
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
