import type { Body, Query, Reply } from "@offhook/sdk/api";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";
import type { Tone } from "../../ui/State.tsx";

export type Person = Reply<"GET /admin/people">["items"][number];
export type NewPerson = Body<"POST /admin/people">;
export type PeopleFilter = Pick<
  NonNullable<Query<"GET /admin/people">>,
  "q" | "state" | "role" | "site" | "sort"
>;

export const STATES = ["new", "invited", "active", "disabled"] as const;
export const ROLES = ["user", "help_desk", "admin", "operator"] as const;
export const SORTS = ["name", "-name", "number", "-number", "-last_sign_in"] as const;
export const TONES: Record<Person["state"], Tone> = {
  new: "quiet",
  invited: "warn",
  active: "ok",
  disabled: "danger",
};

const PAGE = 200;

/** What the address says, as the server takes it; what makes no sense there is left out. */
export function filterOf(params: URLSearchParams): PeopleFilter {
  const q = params.get("q") ?? "";
  const site = params.get("site") ?? "";
  const state = STATES.find((one) => one === params.get("state"));
  const role = ROLES.find((one) => one === params.get("role"));
  const sort = SORTS.find((one) => one === params.get("sort"));
  return {
    ...(q === "" ? {} : { q }),
    ...(site === "" ? {} : { site }),
    ...(state ? { state } : {}),
    ...(role ? { role } : {}),
    ...(sort ? { sort } : {}),
  };
}

/** A page at a time, as far as somebody has scrolled. */
export function usePeople(filter: PeopleFilter) {
  const api = useApi();
  const list = useInfiniteQuery({
    queryKey: ["people", filter],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      api.call("GET /admin/people", {
        query: { ...filter, limit: PAGE, cursor: pageParam },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
  const first = list.data?.pages[0];
  return {
    people: list.data?.pages.flatMap((page) => page.items) ?? [],
    total: first?.total ?? null,
    licences: first?.licences ?? null,
    status: list.isPending
      ? ("loading" as const)
      : list.isError
        ? ("error" as const)
        : ("done" as const),
    more: list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : null,
    refresh: () => void list.refetch(),
  };
}
