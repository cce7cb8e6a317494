import type { Body } from "../api/routes.ts";
import type { Contact } from "../api/types.ts";

export type ContactWish = Body<"POST /contacts">;
export type NumberKind = Contact["numbers"][number]["kind"];

export const NUMBER_KINDS: readonly NumberKind[] = ["work", "mobile", "home", "other"];
/** More than that the gateway does not keep. */
export const MOST_NUMBERS = 10;

export interface DraftNumber {
  /** Tells the rows apart while they come and go. */
  key: number;
  kind: NumberKind;
  /** As it is typed. */
  text: string;
}

/** A contact while somebody writes it. */
export interface ContactDraft {
  /** null: it is new. */
  id: string | null;
  version: number;
  name: string;
  company: string;
  email: string;
  note: string;
  numbers: readonly DraftNumber[];
}

let keys = 0;

export function newNumber(text = "", kind: NumberKind = "work"): DraftNumber {
  keys += 1;
  return { key: keys, kind, text };
}

export function newDraft(name = "", number = ""): ContactDraft {
  const numbers = [newNumber(number)];
  return { id: null, version: 0, name, company: "", email: "", note: "", numbers };
}

export function draftOf(contact: Contact): ContactDraft {
  const { id, version, name, company, email, note } = contact;
  const numbers = contact.numbers.map(({ kind, number }) =>
    newNumber(number.display || number.canonical || number.dialled, kind),
  );
  if (numbers.length === 0) numbers.push(newNumber());
  return { id, version, name, company, email, note, numbers };
}

/** What is sent: rows that were left empty are none. */
export function wishOf(draft: ContactDraft): ContactWish {
  const { name, company, email, note } = draft;
  return {
    name: name.trim(),
    company: company.trim(),
    email: email.trim(),
    note: note.trim(),
    numbers: draft.numbers
      .map(({ kind, text }) => ({ kind, number: text.trim() }))
      .filter(({ number }) => number !== ""),
  };
}

/** What a contact is called by, in the form that can be dialled. */
export function dialOf(one: Contact["numbers"][number]): string {
  return one.number.canonical || one.number.dialled;
}

const WITHOUT_BASE: Readonly<Record<string, string>> = { ß: "S", æ: "A", ø: "O", đ: "D", ł: "L" };

/** The letter that a name stands under: the gateway sorts without accents and signs. */
export function letterOf(name: string): string {
  const first = /[\p{L}\p{N}]/u.exec(name)?.[0].toLowerCase() ?? "";
  const base = WITHOUT_BASE[first] ?? first.normalize("NFKD")[0]?.toUpperCase() ?? "";
  return /^\p{L}/u.test(base) ? base : "#";
}
