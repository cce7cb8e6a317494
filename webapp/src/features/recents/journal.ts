import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";

const LIMIT = 50;

export const SHOWS = ["all", "missed", "incoming", "outgoing"] as const;
export type Show = (typeof SHOWS)[number];

/** The user's journal, newest first; read again whenever the server says that it changed. */
export function useJournal(show: Show = "all", q = "") {
  const phone = usePhone();
  const client = useQueryClient();
  const { journalVersion } = useCalls();
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

  const reload = () => void client.invalidateQueries({ queryKey: ["journal"] });
  return {
    entries: query.data?.pages.flatMap((page) => page.items) ?? [],
    status: query.isPending
      ? ("loading" as const)
      : query.isError
        ? ("error" as const)
        : ("done" as const),
    retry: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : null,
    remove: (id: string) =>
      phone.rest.call("DELETE /journal/{id}", { path: { id } }, phone.session).finally(reload),
    markRead: () =>
      phone.rest.call("POST /journal/read", { body: {} }, phone.session).finally(reload),
  };
}
