import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useCalls, useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { removals } from "./removals.ts";

const LIMIT = 50;

export const SHOWS = ["all", "missed", "incoming", "outgoing"] as const;
export type Show = (typeof SHOWS)[number];

/** The user's journal, newest first; read again whenever the server says that it changed. */
export function useJournal(show: Show = "all", q = "") {
  const phone = usePhone();
  const client = useQueryClient();
  const { journalVersion } = useCalls();
  const hidden = useObservable(removals.hidden);
  const query = useInfiniteQuery({
    queryKey: ["journal", show, q],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      phone.rest.call(
        "GET /journal",
        { query: { limit: LIMIT, cursor: pageParam, show, q }, signal },
        phone.session,
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

  useEffect(() => {
    if (journalVersion > 0) void client.invalidateQueries({ queryKey: ["journal"] });
  }, [client, journalVersion]);

  const reload = () => client.invalidateQueries({ queryKey: ["journal"] });
  return {
    entries:
      query.data?.pages.flatMap((page) => page.items).filter((entry) => !hidden.has(entry.id)) ??
      [],
    status: query.isPending
      ? ("loading" as const)
      : query.isError
        ? ("error" as const)
        : ("done" as const),
    retry: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : null,
    remove: (id: string) =>
      removals.remove(id, async (one) => {
        const last = { path: { id: one }, keepalive: true };
        await phone.rest.call("DELETE /journal/{id}", last, phone.session).finally(reload);
      }),
    removeAll: async () => {
      await phone.rest.call("DELETE /journal", {}, phone.session).finally(reload);
      removals.clear();
    },
    markRead: () =>
      phone.rest.call("POST /journal/read", { body: {} }, phone.session).finally(reload),
  };
}
