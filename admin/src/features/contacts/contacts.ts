import type { Contact } from "@offhook/sdk/api";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";

const PAGE = 100;

/** The company's contacts by name, a page at a time. */
export function useSharedContacts(q: string) {
  const api = useApi();
  const list = useInfiniteQuery({
    queryKey: ["contacts", q],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      api.call("GET /admin/contacts", { query: { q, limit: PAGE, cursor: pageParam }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
  return {
    contacts: list.data?.pages.flatMap((page) => page.items) ?? [],
    status: list.isPending
      ? ("loading" as const)
      : list.isError
        ? ("error" as const)
        : ("done" as const),
    more: list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : null,
    refresh: () => void list.refetch(),
  };
}

/** The first number, and how many there are besides. */
export function numbersText({ numbers }: Contact): string {
  const [first, ...others] = numbers;
  if (!first) return "–";
  const shown = first.number.display || first.number.canonical || first.number.dialled;
  return others.length === 0 ? shown : `${shown} +${others.length}`;
}
