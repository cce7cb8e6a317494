import { looksLikeNumber } from "@offhook/sdk";
import { dialOf } from "@offhook/sdk/contacts";
import { useQuery } from "@tanstack/react-query";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { type FoundContact, useSourceSearch } from "../contact-sources/sources.ts";
import { contactRemovals } from "./removals.ts";
import { shownNumber } from "./words.ts";

/** One number of a contact, as it can be called. */
export interface ContactNumber {
  key: string;
  name: string;
  company: string;
  kind: "work" | "mobile" | "home" | "other";
  number: string;
  shown: string;
  /** The other system that it comes from; null: it is kept here. */
  source: FoundContact["source"] | null;
}

const AT_MOST = 20;

/**
 * One's own contacts and the company's, by what is typed, then those of other systems; they come
 * after the colleagues. Only an answer to this very text is shown, and no answer takes nothing away
 * from the colleagues.
 */
export function useContactSearch(text: string): readonly ContactNumber[] {
  const phone = usePhone();
  const removed = useObservable(contactRemovals.hidden);
  const q = text.trim().toLowerCase();
  const enabled = q !== "" && !looksLikeNumber(text);
  const { data } = useQuery({
    queryKey: ["contacts", "search", q],
    enabled,
    retry: false,
    queryFn: ({ signal }) =>
      phone.rest.call("GET /contacts", { query: { q, limit: AT_MOST }, signal }, phone.session),
  });
  const { found } = useSourceSearch(text, enabled);
  const kept = (enabled ? data?.items : undefined) ?? [];
  const here = kept
    .filter(({ id }) => !removed.has(id))
    .flatMap((one) => numbersOf(one.id, one, null));
  // Who is kept here is not shown again.
  const known = new Set(here.map(({ number }) => number));
  return [...here, ...numbersOfFound(found).filter(({ number }) => !known.has(number))];
}

export function numbersOfFound(found: readonly FoundContact[]): ContactNumber[] {
  return found.flatMap((one, i) => numbersOf(`${one.source} ${i}`, one, one.source));
}

function numbersOf(
  id: string,
  { name, company, numbers }: Pick<FoundContact, "name" | "company" | "numbers">,
  source: ContactNumber["source"],
): ContactNumber[] {
  return numbers.map((one, i) => ({
    key: `${id} ${i}`,
    name,
    company,
    kind: one.kind,
    number: dialOf(one),
    shown: shownNumber(one),
    source,
  }));
}
