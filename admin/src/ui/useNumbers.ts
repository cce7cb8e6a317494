import { useState } from "react";
import { useT } from "../i18n/I18n.tsx";

/** An empty field says nothing: null. */
export function numberOf(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}

function isWhole(text: string): boolean {
  return /^\d*$/.test(text.trim());
}

/** What is no whole number is said at its field, and nothing is sent. */
export function useNumbers<F extends string>(fields: Readonly<Record<F, string>>) {
  const t = useT();
  const [tried, setTried] = useState(false);
  return {
    error: (name: F) => (tried && !isWhole(fields[name]) ? t("form.number") : undefined),
    fine: () => {
      setTried(true);
      return Object.values<string>(fields).every(isWhole);
    },
  };
}
