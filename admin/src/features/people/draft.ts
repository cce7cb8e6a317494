import type { NewPerson, Person } from "./people.ts";

/** What the form holds: text in every field, as it is typed. */
export type Draft = {
  name: string;
  email: string;
  role: string;
  department: string;
  language: string;
  site: string;
  number: string;
  desk_number: string;
  device_id: string;
  mailbox_number: string;
  auth_user: string;
  auth_password: string;
  invite: boolean;
};

export type DraftField = Exclude<keyof Draft, "invite">;

export function draftOf(person: Person | null, firstSite: string): Draft {
  const line = person?.line;
  return {
    name: person?.name ?? "",
    email: person?.email ?? "",
    role: person?.role ?? "user",
    department: person?.department ?? "",
    language: person?.language ?? "",
    site: line?.site_id ?? firstSite,
    number: line?.number ?? "",
    desk_number: line?.desk_number ?? "",
    device_id: line?.device_id ?? "",
    mailbox_number: line?.mailbox_number ?? "",
    auth_user: line?.auth_user ?? "",
    auth_password: "",
    invite: true,
  };
}

/** Without a number there is no extension. An empty password keeps the one that is stored. */
export function bodyOf(draft: Draft, person: Person | null): Omit<NewPerson, "invite"> {
  const number = draft.number.trim();
  return {
    name: draft.name.trim(),
    email: draft.email.trim(),
    role: draft.role,
    department: draft.department.trim(),
    language: draft.language,
    external_id: person?.external_id ?? null,
    line:
      number === ""
        ? null
        : {
            site_id: draft.site,
            number,
            desk_number: draft.desk_number.trim(),
            device_id: draft.device_id.trim(),
            mailbox_number: draft.mailbox_number.trim() || null,
            auth_user: draft.auth_user.trim(),
            auth_password: draft.auth_password === "" ? null : draft.auth_password,
          },
  };
}

/** Which field the server found wrong. */
export function fieldOf(details: Readonly<Record<string, unknown>>): DraftField | null {
  const field = details["field"] === "site_id" ? "site" : details["field"];
  const known: readonly string[] = Object.keys(draftOf(null, ""));
  return typeof field === "string" && field !== "invite" && known.includes(field)
    ? (field as DraftField)
    : null;
}
