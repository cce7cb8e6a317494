import type { Problem } from "@offhook/sdk/api";
import { refusalOf, shownCode } from "@offhook/ui/sign-in/refusals.ts";
import { useCallback } from "react";
import { useIntl } from "react-intl";
import en from "../i18n/en.json";
import { type MessageId, type Translate, useT } from "../i18n/I18n.tsx";

/** A problem's stable code in words; an unknown code shows the server's own title. */
export function useProblemWords(): (problem: Problem) => string {
  const t = useT();
  return useCallback((problem) => problemWords(t, problem), [t]);
}

/** Codes that mean the same to whoever reads them. */
const ALIASES: Record<string, MessageId> = {
  already_closed: "problem.changed_state",
  announcement_unknown: "problem.gone",
  auth_password_invalid: "problem.invalid",
  auth_user_invalid: "problem.invalid",
  bad_request: "problem.invalid",
  bad_time_zone: "problem.invalid",
  being_erased: "problem.changed_state",
  code_refused: "problem.second_factor_refused",
  department_invalid: "problem.invalid",
  desk_number_invalid: "problem.number_invalid",
  device_id_invalid: "problem.invalid",
  diagnostics_unknown: "problem.gone",
  external_id_invalid: "problem.invalid",
  forbidden: "problem.permission_missing",
  import_busy: "problem.changed_state",
  import_state: "problem.changed_state",
  internal: "problem.server_error",
  interrupted: "problem.busy",
  json_deep: "problem.json",
  json_format: "problem.json",
  json_syntax: "problem.json",
  json_version: "problem.json",
  key_refused: "problem.permission_missing",
  key_replaced: "problem.changed_state",
  language_unknown: "problem.invalid",
  mailbox_number_invalid: "problem.number_invalid",
  mapping_unknown: "problem.invalid",
  member_twice: "problem.json",
  member_unknown: "problem.json",
  name_invalid: "problem.invalid",
  no_invitation: "problem.changed_state",
  not_closed: "problem.changed_state",
  not_found: "problem.gone",
  number_missing: "problem.invalid",
  password_wrong: "problem.proof_refused",
  person_unknown: "problem.gone",
  request_timeout: "problem.offline",
  restarting: "problem.busy",
  role_unknown: "problem.invalid",
  site_unknown: "problem.gone",
  tenant_unknown: "problem.gone",
  too_long: "problem.invalid",
  too_many_keys: "problem.too_many",
  too_many_sites: "problem.too_many",
  unavailable: "problem.busy",
  unexpected: "problem.server_error",
};

export function problemWords(t: Translate, problem: Problem): string {
  const id = ALIASES[problem.code] ?? `problem.${problem.code}`;
  if (id in en) return t(id as MessageId, { seconds: Math.ceil(problem.retry_after ?? 0) });
  return t("problem.other", { title: problem.detail ?? problem.title });
}

/** Why the company's own sign-in did not work: by a code from the address bar. */
export function signInWords(t: Translate, code: string): string {
  const id = `signInError.${refusalOf(code)}`;
  if (id in en) return t(id as MessageId);
  return t("signInError.other", { code: shownCode(code) });
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
