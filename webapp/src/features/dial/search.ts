import { looksLikeNumber, type Numbers, type Person } from "@offhook/sdk";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";

export const EVERYONE = "";

/** Somebody who can be called. */
export type Colleague = Person & { number: Numbers };

export function reachable(people: readonly Person[] | undefined): Colleague[] {
  return (people ?? []).filter((person): person is Colleague => person.number !== null);
}

/**
 * Colleagues by name; digits are not searched but dialled. Until the answer is there, those of the
 * last answer who still fit are shown: never somebody whom the text does not name, since Enter
 * calls the first one.
 */
export function useDirectorySearch(text: string): {
  people: readonly Colleague[];
  status: "idle" | "loading" | "error" | "done";
  retry: () => void;
} {
  const { me } = useCalls();
  const query = looksLikeNumber(text) ? EVERYONE : text.trim().toLowerCase();
  const enabled = text.trim() !== "" && !looksLikeNumber(text);
  const result = useDirectory(query, enabled);
  const others = reachable(result.data?.items).filter((p) => p.user_id !== me?.user.id);
  const waiting = result.isPending || result.isPlaceholderData;
  const people = waiting ? others.filter((p) => p.name.toLowerCase().includes(query)) : others;
  return {
    people: enabled ? people : [],
    status: !enabled ? "idle" : waiting ? "loading" : result.isError ? "error" : "done",
    retry: () => void result.refetch(),
  };
}

export function useDirectory(query: string, enabled = true) {
  const phone = usePhone();
  return useQuery({
    queryKey: ["directory", query],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      phone.rest.call("GET /directory", { query: { q: query }, signal }, phone.session),
  });
}

/** Arrow keys walk through rows wherever they are: every row's main button carries data-row. */
export function focusFirstRow(): void {
  document.querySelector<HTMLElement>("[data-row]")?.focus();
}

export function walkRows(key: string, from: HTMLElement, leave: () => void): boolean {
  if (key !== "ArrowDown" && key !== "ArrowUp") return false;
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const next = rows.indexOf(from) + (key === "ArrowDown" ? 1 : -1);
  if (next < 0) leave();
  else rows[next]?.focus();
  return true;
}
