import type { Problem } from "@offhook/sdk/api";
import { useCallback } from "react";
import { useIntl } from "react-intl";
import en from "../i18n/en.json";
import { type MessageId, type Translate, useT } from "../i18n/I18n.tsx";

/** A problem's stable code in words; an unknown code shows the server's own title. */
export function useProblemWords(): (problem: Problem) => string {
  const t = useT();
  return useCallback((problem) => problemWords(t, problem), [t]);
}

export function problemWords(t: Translate, problem: Problem): string {
  const id = `problem.${problem.code}`;
  if (id in en) return t(id as MessageId, { seconds: Math.ceil(problem.retry_after ?? 0) });
  return t("problem.other", { title: problem.detail ?? problem.title });
}

/** The word for one of the server's values, or the value itself where we know no word yet. */
export function useWord(): (prefix: string, value: string) => string {
  const t = useT();
  return useCallback(
    (prefix, value) => {
      const id = `${prefix}.${value}`;
      return id in en ? t(id as MessageId) : value;
    },
    [t],
  );
}

/** A time as people read it: today only the hour, else the date too. */
export function useWhen(): (at: string | null | undefined) => string {
  const intl = useIntl();
  return useCallback(
    (at) => {
      if (at === null || at === undefined) return "–";
      const date = new Date(at);
      const today = new Date().toDateString() === date.toDateString();
      return intl.formatDate(date, {
        ...(today ? {} : { day: "2-digit", month: "2-digit", year: "numeric" }),
        hour: "2-digit",
        minute: "2-digit",
      });
    },
    [intl],
  );
}

/** A day that was chosen, not a moment, is kept as its midnight in UTC: show it there. */
export function useDay(timeZone?: "UTC"): (at: string | null | undefined) => string {
  const intl = useIntl();
  return useCallback(
    (at) => (at ? intl.formatDate(at, { dateStyle: "medium", timeZone }) : "–"),
    [intl, timeZone],
  );
}
