import type { Reply } from "@offhook/sdk/api";
import type { Tone } from "../../ui/State.tsx";

export type Key = Reply<"GET /admin/keys">["items"][number];

export const TONES: Record<Key["state"], Tone> = {
  active: "ok",
  expiring: "warn",
  expired: "danger",
  revoked: "quiet",
};

/** It still opens something, so it can still be changed. */
export function isLive(key: Pick<Key, "state">): boolean {
  return key.state === "active" || key.state === "expiring";
}

export const CHANGE_OVERS = ["0", "1", "24"] as const;
export const EXPIRIES = ["never", "30", "90", "365"] as const;
const DAY_S = 86_400;

export function secondsOf(expiry: string): number | null {
  const days = Number(expiry);
  return Number.isFinite(days) ? days * DAY_S : null;
}
