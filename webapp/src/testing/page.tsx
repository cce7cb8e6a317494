import {
  type Call,
  type Forwarding,
  type JournalEntry,
  type Person,
  Phone,
  type RoutingView,
} from "@offhook/sdk";
import { aCall, aMe, aSnapshot, FakeSurroundings, settle } from "@offhook/sdk/fakes";
import { act, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../app/App.tsx";

export const PEOPLE: Person[] = [
  ["Anna König", "101"],
  ["Berta Schulz", "102"],
  ["Bernd Schuster", "104"],
].map(([name = "", number = ""], i) => ({
  user_id: `user-${i + 1}`,
  name,
  email: "",
  number: { dialled: number, canonical: number, display: number },
}));

export const INCOMING = aCall({
  id: "in-1",
  direction: "in",
  phase: "ringing_in",
  device_id: null,
  remote: { name: "Carla Lang", number: { dialled: "", canonical: "103", display: "103" } },
  actions: ["answer", "decline", "silence"],
});

export const TALKING: Partial<Call> = {
  phase: "connected",
  answered_at: "2026-01-02T10:00:05Z",
  actions: ["hang_up", "mute", "dtmf"],
};

const ROUTING: RoutingView = {
  routing: { apps: "now", delay_ms: 10_000, auto_answer: null, when_busy: "second_call" },
  version: 1,
};
const NO_FORWARDING: Forwarding = {
  available: false,
  why_not: "not_offered",
  kinds: [],
  mailbox: false,
  entries: [],
};

/** The whole interface over a faked gateway, signed in unless told otherwise. */
export async function openPage(prepare: (world: FakeSurroundings) => void = () => undefined) {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  const people = () => ({ status: 200, body: { items: PEOPLE, next_cursor: null } });
  const nobody = { status: 200, body: { items: [], next_cursor: null, unread: 0 } };
  world.routes["GET /directory"] = people;
  world.routes["GET /journal"] = () => nobody;
  world.routes["GET /routing"] = () => ({ status: 200, body: ROUTING });
  world.routes["GET /forwarding"] = () => ({ status: 200, body: NO_FORWARDING });
  // Like the gateway, the fake knows its live calls: a socket that comes back brings them along.
  const live = new Map<string, Call>();
  const told = (call: Call) => {
    if (call.phase === "ended") live.delete(call.id);
    else live.set(call.id, call);
    return call;
  };
  world.socket.onConnect = () =>
    world.socket.serve("snapshot", aSnapshot({ me: aMe(), calls: [...live.values()] }));
  world.socket.reply = (event) =>
    event === "dial" ? { ok: true, call: told(aCall()) } : { ok: true };
  prepare(world);
  const phone = new Phone(world.platform());
  const user = userEvent.setup({ delay: null });
  render(<App phone={phone} />);
  await act(async () => {
    await phone.start().catch(() => undefined);
    world.lead();
    await settle();
  });
  /** What the server does, with React following. */
  const server = (work: () => void) =>
    act(async () => {
      work();
      await settle();
    });
  return {
    world,
    phone,
    user,
    server,
    ring: () =>
      server(() =>
        world.socket.serve("ring.offer", {
          call: told(INCOMING),
          lease_ms: 6000,
          auto_answer_ms: null,
        }),
      ),
    update: (change: Partial<Call>, call = aCall()) =>
      server(() => world.socket.serve("call.updated", { call: told({ ...call, ...change }) })),
    end: (change: Partial<Call>, call = aCall()) =>
      server(() =>
        world.socket.serve("call.ended", {
          call: told({ ...call, phase: "ended", ...change }),
        }),
      ),
  };
}

export function anEntry(change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    id: "entry-1",
    call_id: "old-1",
    direction: "in",
    kind: "missed",
    reason: "cancelled",
    name: "Berta Schulz",
    number: { dialled: "102", canonical: "102", display: "102" },
    started_at: new Date().toISOString(),
    answered_at: null,
    ended_at: null,
    duration_ms: 0,
    device_id: null,
    unread: true,
    diverted_by: null,
    original_called: null,
    answered_on: null,
    answered_by: null,
    forwarded_to: null,
    ...change,
  };
}
