import type { Body, Reply } from "@offhook/sdk/api";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";
import type { Draft } from "./draft.ts";

export type Template = Reply<"GET /admin/people-templates">["items"][number];
export type TemplateBody = Body<"POST /admin/people-templates">;

/** Stands for the person's own number. */
const NUMBER = "{number}";
const FILLED = [
  "role",
  "department",
  "language",
  "site",
  "number",
  "desk_number",
  "device_id",
  "mailbox_number",
  "auth_user",
] as const;
type Filled = Pick<Draft, (typeof FILLED)[number]>;

/** Asked anew each time: the next free number is another one after each new person. */
export function useTemplates(wanted = true) {
  const api = useApi();
  return useQuery({
    queryKey: ["people-templates"],
    enabled: wanted,
    retry: false,
    staleTime: 0,
    gcTime: 0,
    // What was filled in goes by what was read.
    refetchOnWindowFocus: false,
    queryFn: () => api.call("GET /admin/people-templates"),
  });
}

/** "6{number}" of 101 is 6101; of nobody's number it is nothing. */
export function expanded(pattern: string, number: string): string {
  const own = number.trim();
  return pattern.includes(NUMBER) && own === "" ? "" : pattern.replaceAll(NUMBER, own);
}

/** The draft by another template: what was typed meanwhile stays. */
export function filled(
  draft: Draft,
  before: Template | null,
  after: Template | null,
  firstSite: string,
): Draft {
  const given = draft.number === (before?.next_number ?? "");
  const number = given ? (after?.next_number ?? "") : draft.number;
  const was = valuesOf(before, draft.number, firstSite);
  return replaced(draft, was, valuesOf(after, number, firstSite));
}

/** Another number: what the template derives from it follows. */
export function withNumber(draft: Draft, template: Template | null, number: string): Draft {
  const was = valuesOf(template, draft.number, draft.site);
  return { ...replaced(draft, was, valuesOf(template, number, draft.site)), number };
}

/** What differs, field by field. */
export function changesOf(before: Draft, after: Draft): [keyof Filled, string][] {
  return FILLED.filter((name) => before[name] !== after[name]).map((name) => [name, after[name]]);
}

function valuesOf(template: Template | null, number: string, firstSite: string): Filled {
  return {
    role: template?.role ?? "user",
    department: template?.department ?? "",
    language: template?.language ?? "",
    site: template?.site_id ?? firstSite,
    number,
    desk_number: expanded(template?.desk_number ?? "", number),
    device_id: expanded(template?.device_id ?? "", number),
    mailbox_number: expanded(template?.mailbox_number ?? "", number),
    auth_user: expanded(template?.auth_user ?? "", number),
  };
}

function replaced(draft: Draft, was: Filled, will: Filled): Draft {
  const untouched = FILLED.filter((name) => draft[name] === was[name]);
  return { ...draft, ...Object.fromEntries(untouched.map((name) => [name, will[name]])) };
}

/** What the form of a template holds. */
export function templateDraft(template: Template | null, firstSite: string) {
  return {
    name: template?.name ?? "",
    default: template?.default ?? false,
    role: template?.role ?? "user",
    department: template?.department ?? "",
    language: template?.language ?? "",
    site: template ? (template.site_id ?? "") : firstSite,
    first_number: template?.first_number ?? "",
    last_number: template?.last_number ?? "",
    desk_number: template?.desk_number ?? "",
    device_id: template?.device_id ?? "",
    mailbox_number: template?.mailbox_number ?? "",
    auth_user: template?.auth_user ?? "",
  };
}

export type TemplateDraft = ReturnType<typeof templateDraft>;
export type TemplateField = Exclude<keyof TemplateDraft, "default">;

export function templateBody(draft: TemplateDraft): TemplateBody {
  const { site, role, language, ...texts } = draft;
  return {
    ...texts,
    name: draft.name.trim(),
    department: draft.department.trim(),
    first_number: draft.first_number.trim(),
    last_number: draft.last_number.trim(),
    desk_number: draft.desk_number.trim(),
    device_id: draft.device_id.trim(),
    mailbox_number: draft.mailbox_number.trim(),
    auth_user: draft.auth_user.trim(),
    // Their values come from lists that have no others.
    role: role as NonNullable<TemplateBody["role"]>,
    language: language as NonNullable<TemplateBody["language"]>,
    site_id: site === "" ? null : site,
  };
}

/** Which field the server found wrong, by its own words or by the form of the request. */
export function wrongField(details: Readonly<Record<string, unknown>>): TemplateField | null {
  const { field, errors } = details;
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  const path =
    typeof first === "object" && first !== null ? (first as { path?: unknown }).path : null;
  const named = field ?? (Array.isArray(path) ? (path[0] as unknown) : null);
  const known = Object.keys(templateDraft(null, ""));
  return typeof named === "string" && named !== "default" && known.includes(named)
    ? (named as TemplateField)
    : null;
}
