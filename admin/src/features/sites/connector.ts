import type { Reply } from "@offhook/sdk/api";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";
import type { Tone } from "../../ui/State.tsx";

export type Site = Reply<"GET /admin/sites">["items"][number];
export type Status = Reply<"GET /admin/sites/{id}/connector">;
export type Layer = Status["layers"][number];
export type TestCall = Reply<"GET /admin/sites/{id}/test-calls/{call}">;

const TONES: Record<string, Tone> = {
  working: "ok",
  weak: "warn",
  connecting: "warn",
  not_set_up: "quiet",
  down: "danger",
  refused: "danger",
  unknown: "quiet",
};

export const COMPATIBILITY_TONES: Record<Status["versions"]["compatibility"], Tone> = {
  tested: "ok",
  expected: "ok",
  unsupported: "danger",
  unknown: "quiet",
};

export function toneOf(state: string): Tone {
  return TONES[state] ?? "quiet";
}

const POLL_MS = 4_000;
const TEST_POLL_MS = 500;

export function useConnector(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["connector", id],
    queryFn: () => api.call("GET /admin/sites/{id}/connector", { path: { id } }),
    refetchInterval: POLL_MS,
  });
}

export function useTestCall(site: string, call: string | null) {
  const api = useApi();
  return useQuery({
    queryKey: ["test-call", site, call],
    enabled: call !== null,
    queryFn: () =>
      api.call("GET /admin/sites/{id}/test-calls/{call}", { path: { id: site, call: call ?? "" } }),
    refetchInterval: ({ state: { data } }) =>
      data === undefined || data.state === "running" ? TEST_POLL_MS : false,
  });
}

/** The first layer that does not work: everything below it cannot be known. */
export function firstBroken(layers: readonly Layer[]): string | null {
  return layers.find(({ state }) => state === "down" || state === "refused")?.layer ?? null;
}
