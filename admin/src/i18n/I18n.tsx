import { Languages } from "@offhook/ui/i18n/Languages.tsx";
import { type ReactNode, useCallback } from "react";
import { useIntl } from "react-intl";
import en from "./en.json";

/** English comes with the page; every other language is a file of its own, loaded when chosen. */
const LOADERS = {
  de: () => import("./de.json"),
  fr: () => import("./fr.json"),
  es: () => import("./es.json"),
  it: () => import("./it.json"),
  nl: () => import("./nl.json"),
  ca: () => import("./ca.json"),
};

export function I18n({ children }: { children: ReactNode }) {
  return (
    <Languages english={en} loaders={LOADERS}>
      {children}
    </Languages>
  );
}

export type MessageId = keyof typeof en;
type Values = Record<string, string | number | Date>;
export type Translate = (id: MessageId, values?: Values) => string;

/** All words of the portal come through here. */
export function useT(): Translate {
  const intl = useIntl();
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl]);
}
