import type { Body, Reply } from "@offhook/sdk/api";
import type { Tone } from "../../ui/State.tsx";

export type Webhook = Reply<"GET /admin/webhooks">["items"][number];
export type Delivery = Reply<"GET /admin/webhooks/{id}/deliveries">["items"][number];
export type EventName = Body<"POST /admin/webhooks">["events"][number];

/** What can be told, by what it is about. */
export const EVENT_GROUPS = [
  ["calls", ["call.ringing", "call.dialling", "call.answered", "call.ended", "call.missed"]],
  ["voicemail", ["voicemail.changed"]],
  ["connector", ["connector.up", "connector.down"]],
  [
    "people",
    [
      "person.created",
      "person.changed",
      "person.disabled",
      "person.enabled",
      "person.erased",
      "import.finished",
      "import.undone",
    ],
  ],
  ["keys", ["key.created", "key.regenerated", "key.revoked"]],
] as const satisfies readonly (readonly [string, readonly EventName[]])[];

const ALL: readonly EventName[] = EVENT_GROUPS.flatMap(([, events]) => [...events]);

export function eventsOf(text: string): EventName[] {
  const chosen = text.split(" ");
  return ALL.filter((event) => chosen.includes(event));
}

/** In the order of the list, whatever the order of the clicks: two drafts compare as text. */
export function withEvent(text: string, event: EventName, on: boolean): string {
  const rest = eventsOf(text).filter((one) => one !== event);
  return eventsOf([...rest, ...(on ? [event] : [])].join(" ")).join(" ");
}

/** The state, and whether what is active works. */
export function stateOf(one: Pick<Webhook, "state" | "failing_since">) {
  return one.state === "active" && one.failing_since !== null ? "failing" : one.state;
}

export const TONES: Record<ReturnType<typeof stateOf>, Tone> = {
  active: "ok",
  failing: "warn",
  paused: "quiet",
  stopped: "danger",
};

export const DELIVERY_TONES: Record<Delivery["state"], Tone> = {
  waiting: "warn",
  delivered: "ok",
  dead: "danger",
};

/** What people call it. */
export function nameOf(one: Pick<Webhook, "description" | "url">): string {
  if (one.description !== "") return one.description;
  return URL.canParse(one.url) ? new URL(one.url).host : one.url;
}
