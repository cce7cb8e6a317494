import { useInfiniteQuery } from "@tanstack/react-query";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { type Colleague, reachable } from "../dial/search.ts";

const PAGE = 100;

/** All colleagues by name, a page at a time. The user's own entry is not among them. */
export function useEveryone(): {
  people: readonly Colleague[];
  status: "loading" | "error" | "done";
  more: (() => void) | null;
  retry: () => void;
} {
  const phone = usePhone();
  const { me } = useCalls();
  const result = useInfiniteQuery({
    queryKey: ["directory", "pages"],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      phone.rest.call(
        "GET /directory",
        { query: { q: "", limit: PAGE, cursor: pageParam }, signal },
        phone.session,
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = result.data?.pages.flatMap((page) => page.items);
  return {
    people: reachable(items).filter((person) => person.user_id !== me?.user.id),
    status: result.isPending ? "loading" : result.isError && !items ? "error" : "done",
    more:
      result.hasNextPage && !result.isFetchingNextPage ? () => void result.fetchNextPage() : null,
    retry: () => void result.refetch(),
  };
}
