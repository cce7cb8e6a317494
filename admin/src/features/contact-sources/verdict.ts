import { useCallback } from "react";
import en from "../../i18n/en.json";
import { type MessageId, useT } from "../../i18n/I18n.tsx";

/** What a directory's code means; of one that is new since, the code itself. */
export function useVerdict(): (code: string) => string {
  const t = useT();
  return useCallback(
    (code) => {
      const id = `sources.code.${code}`;
      return id in en ? t(id as MessageId) : t("sources.failed", { code });
    },
    [t],
  );
}
