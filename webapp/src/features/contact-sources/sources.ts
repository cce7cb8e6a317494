import type { Reply } from "@offhook/sdk/api";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";

export type Source = Reply<"GET /me/contact-sources">["items"][number];
export type FoundContact = Reply<"GET /contact-sources/search">["items"][number];
type Asked = Reply<"GET /contact-sources/search">["sources"][number];

const KEY = ["contact-sources"];
const KNOWN_FOR_MS = 300_000;
/** Whoever types on is not asked about in between. */
const SETTLED_MS = 250;
const LEAST_LETTERS = 2;
/** A slow source keeps its answer: a few more questions get it. */
const ASK_AGAIN_MS = 1_500;
const MOST_ASKED = 4;

/**
 * The directories that the administrator has switched on, and whether each is connected. `fresh`:
 * asked for again, because a search may have found out meanwhile that an account wants a sign-in.
 */
export function useSources(fresh = false) {
  const phone = usePhone();
  return useQuery({
    refetchOnMount: fresh ? "always" : true,
    queryKey: [...KEY, "mine"],
    staleTime: KNOWN_FOR_MS,
    retry: false,
    queryFn: ({ signal }) => phone.rest.call("GET /me/contact-sources", { signal }, phone.session),
  });
}

/** What directories of other systems find. They come after everything that is known here. */
export function useSourceSearch(text: string, wanted: boolean) {
  const phone = usePhone();
  const q = useSettled(text.trim().toLowerCase());
  const there = useSources().data?.items.some(({ state }) => state !== "not_connected") ?? false;
  const enabled = wanted && there && q.length >= LEAST_LETTERS;
  const { data } = useQuery({
    queryKey: [...KEY, "search", q],
    enabled,
    retry: false,
    queryFn: ({ signal }) =>
      phone.rest.call("GET /contact-sources/search", { query: { q }, signal }, phone.session),
    refetchInterval: ({ state }) =>
      state.dataUpdateCount < MOST_ASKED && state.data?.sources.some(isSlow) ? ASK_AGAIN_MS : false,
  });
  return {
    found: (enabled ? data?.items : undefined) ?? [],
    /** Those that have nothing to say now, and why. */
    silent: (enabled ? data?.sources.filter(({ state }) => state !== "working") : undefined) ?? [],
  };
}

function isSlow({ state }: Asked): boolean {
  return state === "slow";
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  // What was found for another text is nobody's answer to this one.
  return settled === text ? settled : "";
}
