import { useCallback } from "react";
import { useIntl } from "react-intl";
import en from "./words/en.json";

export const english = en;
export const loaders = {
  de: () => import("./words/de.json"),
  fr: () => import("./words/fr.json"),
  es: () => import("./words/es.json"),
  it: () => import("./words/it.json"),
  nl: () => import("./words/nl.json"),
  ca: () => import("./words/ca.json"),
};

export type Word = keyof typeof en;
export type Say = (id: Word, values?: Record<string, string | number>) => string;

/** The page's own words. What the document says of the API is English for everybody. */
export function useSay(): Say {
  const intl = useIntl();
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl]);
}
