import { looksLikeNumber } from "@offhook/sdk";
import { useQuery } from "@tanstack/react-query";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { contactRemovals } from "./removals.ts";

/** One number of a contact, as it can be called. */
export interface ContactNumber {
  key: string;
  name: string;
  company: string;
  kind: "work" | "mobile" | "home" | "other";
  number: string;
  shown: string;
}

const AT_MOST = 20;

/**
 * One's own contacts and the company's, by what is typed; they come after the colleagues. Only an
 * answer to this very text is shown, and no answer takes nothing away from the colleagues.
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
  if (!enabled || !data) return [];
  return data.items
    .filter(({ id }) => !removed.has(id))
    .flatMap(({ id, name, company, numbers }) =>
      numbers.map(({ kind, number }, i) => ({
        key: `${id} ${i}`,
        name,
        company,
        kind,
        number: number.canonical || number.dialled,
        shown: number.display || number.dialled,
      })),
    );
}
