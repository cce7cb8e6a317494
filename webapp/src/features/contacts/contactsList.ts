import type { Contact } from "@offhook/sdk";
import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { contactRemovals } from "./removals.ts";

const PAGE = 100;

export const WHOSE = ["all", "mine", "company"] as const;
export type Whose = (typeof WHOSE)[number];

/** The lists and the search above them: after a change all of them are read again. */
export function useReadContacts(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: ["contacts"] }), [client]);
}

/** Contacts by name, a page at a time. */
export function useContacts(of: Whose, q: string) {
  const phone = usePhone();
  const readAgain = useReadContacts();
  const hidden = useObservable(contactRemovals.hidden);
  const list = useInfiniteQuery({
    queryKey: ["contacts", "list", of, q],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      phone.rest.call(
        "GET /contacts",
        { query: { of, q, limit: PAGE, cursor: pageParam }, signal },
        phone.session,
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
  const items = list.data?.pages.flatMap((page) => page.items);
  return {
    contacts: (items ?? []).filter(({ id }) => !hidden.has(id)),
    status: list.isPending
      ? ("loading" as const)
      : list.isError && !items
        ? ("error" as const)
        : ("done" as const),
    more: list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : null,
    retry: () => void list.refetch(),
    remove: ({ id }: Contact) =>
      contactRemovals.remove(id, async (one) => {
        const last = { path: { id: one }, keepalive: true };
        await phone.rest.call("DELETE /contacts/{id}", last, phone.session).finally(readAgain);
      }),
  };
}
