import { type Call, type CallNotice, groupNumber, type Problem } from "@offhook/sdk";
import { useCallback } from "react";
import en from "../i18n/en.json";
import { type MessageId, type Translate, useT } from "../i18n/I18n.tsx";

/** A problem's stable code in words; an unknown code shows the server's own title. */
export function useProblemWords(): (problem: Problem) => string {
  const t = useT();
  return useCallback((problem) => problemWords(t, problem), [t]);
}

/** Codes that mean the same to the user. */
const ALIASES: Record<string, MessageId> = {
  number_invalid: "problem.not_a_number",
  number_missing: "problem.not_a_number",
  call_unknown: "ended.unknown",
  call_over: "ended.unknown",
  not_ringing: "ended.unknown",
  not_now: "problem.not_offered",
  place_invalid: "problem.not_offered",
  slot_invalid: "problem.not_offered",
  restarting: "problem.busy",
  interrupted: "problem.busy",
  internal: "problem.server_error",
  request_timeout: "problem.no_reply",
};

export function problemWords(t: Translate, problem: Problem): string {
  const id = ALIASES[problem.code] ?? `problem.${problem.code}`;
  if (id in en) return t(id as MessageId, { seconds: Math.ceil(problem.retry_after ?? 0) });
  return t("problem.other", { title: problem.title });
}

/** What the server says about a call; of an unknown code its own words. */
export function noticeWords(t: Translate, notice: CallNotice, who: string): string | null {
  const id = `notice.${notice.code}`;
  return id in en ? t(id as MessageId, { who, reason: notice.reason ?? "" }) : notice.words;
}

/** What a call's card is headed with. */
export function titleOf(t: Translate, call: Pick<Call, "kind" | "remote">): string {
  return call.kind === "conference" ? t("conference.title") : whoOf(t, call.remote);
}

/** Who is at the other end: the name, else the number as people read it. */
export function whoOf(t: Translate, remote: Call["remote"]): string {
  if (remote.name !== null && remote.name !== "") return remote.name;
  return numberOf(remote) || t("call.anonymous");
}

export function numberOf(remote: Pick<Call["remote"], "number">): string {
  return remote.number.display || groupNumber(remote.number.canonical || remote.number.dialled);
}
