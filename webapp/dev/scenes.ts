import type { Ack, Call, JournalEntry, Person, PersonPresence, Phone } from "@offhook/sdk";
import {
  aCall,
  aMe,
  aPresence,
  aSnapshot,
  type FakeSurroundings,
  settle,
} from "@offhook/sdk/fakes";

interface Scene {
  prepare?: (world: FakeSurroundings) => void;
  play?: (world: FakeSurroundings, phone: Phone) => Promise<void> | void;
}

const HINTS = [
  ["710", "Deniz Meyer", "A desk phone that answers and speaks"],
  ["711", "Echo", "Hear yourself"],
  ["715", "Tone", "A tone of 440 Hz"],
  ["712", "Busy", "A phone that is busy"],
  ["713", "No answer", "A phone that nobody answers"],
  ["714", "Out of service", "A phone that is switched off"],
  ["199", "Voicemail", "The mailbox; its menu listens to the keypad"],
  ["102", "Berta Schulz", "Her desk phone is on the console page: pick it up and talk"],
].map(([number = "", name = "", about = ""]) => ({ number, name, about, kind: "" }));

const PEOPLE: Person[] = [
  ["Anna König", "101"],
  ["Berta Schulz", "102"],
  ["Carla Lang", "103"],
  ["Maximiliane Oberholzner-Freudenberg", "+49 89 5551 0177"],
].map(([name = "", display = ""], i) => {
  const canonical = display.replace(/ /g, "");
  const number = { dialled: canonical, canonical, display };
  return { user_id: `user-${i + 1}`, name, email: `${i}@example.test`, number };
});

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function entry(id: number, minutes: number, change: Partial<JournalEntry>): JournalEntry {
  return {
    id: `entry-${id}`,
    call_id: `old-${id}`,
    direction: "in",
    kind: "missed",
    reason: "cancelled",
    name: null,
    number: { dialled: "", canonical: "+493055510142", display: "+49 30 55510142" },
    started_at: ago(minutes),
    answered_at: null,
    ended_at: ago(minutes),
    duration_ms: 0,
    device_id: null,
    unread: false,
    diverted_by: null,
    original_called: null,
    answered_on: null,
    answered_by: null,
    forwarded_to: null,
    ...change,
  };
}

const berta = {
  name: "Berta Schulz",
  number: { dialled: "102", canonical: "102", display: "102" },
};
const JOURNAL = [
  entry(1, 12, { unread: true }),
  entry(2, 34, {
    ...berta,
    direction: "out",
    kind: "answered",
    reason: "hung_up",
    answered_at: ago(34),
    duration_ms: 725_000,
  }),
  entry(3, 95, {
    name: "Hanna Wolf",
    kind: "answered",
    reason: "answered_elsewhere",
    answered_at: ago(95),
    duration_ms: 180_000,
  }),
  entry(4, 60 * 26, { ...berta, direction: "out", kind: "failed", reason: "busy" }),
  entry(5, 60 * 27, { ...berta, kind: "declined", reason: "declined" }),
  entry(6, 60 * 24 * 3, { ...berta, direction: "out", kind: "failed", reason: "no_answer" }),
  entry(7, 60 * 24 * 9, { name: "Maximiliane Oberholzner-Freudenberg", unread: true }),
];

export const routes: FakeSurroundings["routes"] = {
  "GET /directory": () => ({ status: 200, body: { items: PEOPLE, next_cursor: null } }),
  "GET /journal": () => ({ status: 200, body: { items: JOURNAL, next_cursor: "x", unread: 2 } }),
};

const snapshot = (change: Parameters<typeof aSnapshot>[0] = {}) =>
  aSnapshot({
    unread: 2,
    mwi: { waiting: true, new: 1, old: 3 },
    me: aMe({ demo: { hints: HINTS } }),
    ...change,
  });

function online(change: Parameters<typeof aSnapshot>[0] = {}): (world: FakeSurroundings) => void {
  return (world) => {
    world.socket.onConnect = () => world.socket.serve("snapshot", snapshot(change));
    world.socket.reply = (event, body) => {
      if (event === "presence.watch") return watched(body["user_ids"] as string[]);
      return event === "dial" ? { ok: true, call: aCall() } : { ok: true };
    };
  };
}

const STATES = ["offline", "available", "busy", "do_not_disturb", "away", "unknown"] as const;

/** One of each. */
function watched(ids: readonly string[]): Ack {
  const presence = ids.map((user_id): PersonPresence => {
    const number = Number(user_id.replace(/\D/g, ""));
    const state = STATES[number % STATES.length] ?? "offline";
    const until =
      state === "do_not_disturb" ? new Date(Date.now() + 3_600_000).toISOString() : null;
    const note = state === "away" ? "Back from Rome on Friday" : "";
    return { user_id, state, until, note, note_until: null };
  });
  return { ok: true, presence };
}

const QUIET = aPresence({
  state: "do_not_disturb",
  seen_as: "do_not_disturb",
  note: { text: "In a workshop", until: null },
  do_not_disturb: {
    on: true,
    until: new Date(Date.now() + 3_600_000).toISOString(),
    since: ago(5),
    by: "user",
    at_pbx: true,
  },
});

const CROWD: Person[] = Array.from({ length: 5000 }, (_, i) => {
  const digits = String(1000 + i);
  const number = { dialled: digits, canonical: digits, display: digits };
  return { user_id: `user-${i + 10}`, name: `Person ${digits}`, email: "", number };
});

const talkingCall = (change: Partial<Call> = {}) =>
  aCall({
    phase: "connected",
    media: "attached",
    answered_at: new Date(Date.now() - 257_000).toISOString(),
    actions: ["hang_up", "mute", "dtmf"],
    ...change,
  });

async function talk(world: FakeSurroundings, phone: Phone, change: Partial<Call> = {}) {
  await phone.dial("102");
  await settle();
  world.peer.connect();
  let packets = 0;
  setInterval(() => world.peer.inbound((packets += 50), { jitter: 0.004 }), 500);
  world.peer.inbound(1);
  world.socket.serve("call.updated", { call: talkingCall(change) });
}

const incoming = aCall({
  id: "in-1",
  direction: "in",
  phase: "ringing_in",
  device_id: null,
  created_at: new Date().toISOString(),
  remote: {
    name: null,
    number: { dialled: "", canonical: "+491715550177", display: "+49 171 5550177" },
  },
  diverted_by: "Deniz Meyer",
  actions: ["answer", "decline", "silence"],
});

const ring = (world: FakeSurroundings, call = incoming) =>
  world.socket.serve("ring.offer", { call, lease_ms: 600_000, auto_answer_ms: null });

function ended(change: Partial<Call>): Scene {
  return {
    prepare: online(),
    play: async (world, phone) => {
      await phone.dial("102");
      world.socket.serve("call.ended", { call: aCall({ phase: "ended", ...change }) });
    },
  };
}

const FULL: Call["actions"] = ["hang_up", "mute", "dtmf", "hold", "transfer", "consult"];
const HELD: Call["actions"] = ["hang_up", "mute", "retrieve", "swap", "transfer", "merge"];

const hanna = talkingCall({
  id: "hanna",
  direction: "in",
  hold: "local",
  device_id: "device-1",
  remote: {
    name: "Hanna Wolf",
    number: { dialled: "", canonical: "+493055510142", display: "+49 30 5551 0142" },
  },
  actions: HELD,
});

/** Hanna waits while Berta talks. */
async function pair(world: FakeSurroundings, phone: Phone, change: Partial<Call> = {}) {
  await talk(world, phone, { actions: [...FULL, "swap", "merge"], ...change });
  world.socket.serve("call.created", { call: hanna });
}

const press = async (key: string) => {
  await new Promise((resolve) => setTimeout(resolve, 400));
  window.dispatchEvent(new KeyboardEvent("keydown", { key }));
  await new Promise((resolve) => setTimeout(resolve, 400));
};

export const SCENES: Record<string, Scene> = {
  quiet: { prepare: online({ presence: QUIET }) },
  crowd: {
    prepare: (world) => {
      online()(world);
      const body = { items: CROWD, next_cursor: null };
      world.routes["GET /directory"] = () => ({ status: 200, body });
    },
  },
  full: { prepare: online(), play: (world, phone) => talk(world, phone, { actions: FULL }) },
  held: {
    prepare: online(),
    play: (world, phone) =>
      talk(world, phone, { hold: "both", actions: ["hang_up", "mute", "retrieve"] }),
  },
  pair: { prepare: online(), play: (world, phone) => pair(world, phone) },
  consult: { prepare: online(), play: (world, phone) => pair(world, phone, { consults: "hanna" }) },
  bothheld: {
    prepare: online(),
    play: (world, phone) => pair(world, phone, { hold: "local", actions: HELD }),
  },
  pairsecond: {
    prepare: online(),
    play: async (world, phone) => {
      await pair(world, phone);
      ring(world);
    },
  },
  transfer: {
    prepare: online(),
    play: async (world, phone) => {
      await talk(world, phone, { actions: FULL });
      await press("t");
    },
  },
  addcall: {
    prepare: online(),
    play: async (world, phone) => {
      await talk(world, phone, { actions: FULL });
      await press("n");
    },
  },
  conference: {
    prepare: online(),
    play: (world, phone) =>
      talk(world, phone, {
        kind: "conference",
        participants: [
          { id: "p1", ...berta },
          { id: "p2", ...hanna.remote },
        ],
        actions: ["hang_up", "mute", "drop"],
      }),
  },
  deskphone: {
    prepare: online({
      calls: [talkingCall({ on: "desk_phone", device_id: null, actions: ["hang_up", "hold"] })],
    }),
  },
  keys: { prepare: online(), play: () => press("?") },
  idle: { prepare: online() },
  signin: {
    prepare: (world) => {
      world.deviceId = null;
      world.routes["POST /auth/login"] = () => ({ status: 401, body: { code: "bad_credentials" } });
    },
  },
  starting: {
    prepare: (world) => {
      world.offline = true;
    },
  },
  connecting: { prepare: (world) => (world.socket.reachable = false) },
  first: {
    prepare: (world) => {
      online({ unread: 0, mwi: null })(world);
      world.permission = "prompt";
      world.routes["GET /journal"] = () => ({
        status: 200,
        body: { items: [], next_cursor: null },
      });
    },
  },
  askmic: {
    prepare: (world) => {
      online()(world);
      world.permission = "prompt";
    },
  },
  blockedmic: {
    prepare: (world) => {
      online()(world);
      world.permission = "denied";
      world.microphoneError = "NotAllowedError";
    },
  },
  listerror: {
    prepare: (world) => {
      online()(world);
      world.routes["GET /journal"] = () => ({ status: 500 });
      world.routes["GET /directory"] = () => ({ status: 500 });
    },
  },
  dialling: {
    prepare: online(),
    play: async (_world, phone) => {
      await phone.dial("102");
    },
  },
  ringing: {
    prepare: online(),
    play: async (world, phone) => {
      await phone.dial("102");
      world.socket.serve("call.updated", { call: aCall({ phase: "ringing_out" }) });
    },
  },
  talking: { prepare: online(), play: (world, phone) => talk(world, phone) },
  muted: {
    prepare: online(),
    play: (world, phone) =>
      talk(world, phone, { muted: true, actions: ["hang_up", "unmute", "dtmf", "hold"] }),
  },
  longname: {
    prepare: online(),
    play: (world, phone) =>
      talk(world, phone, {
        remote: {
          name: "Maximiliane Oberholzner-Freudenberg",
          number: { dialled: "", canonical: "+498955510177", display: "+49 89 55510177" },
        },
      }),
  },
  recovering: {
    prepare: online(),
    play: async (world, phone) => {
      await talk(world, phone);
      world.peer.ice("disconnected");
    },
  },
  elsewhere: {
    prepare: online({ calls: [talkingCall({ device_id: "device-1" })] }),
  },
  incoming: { prepare: online(), play: (world) => ring(world) },
  answering: {
    prepare: (world) => {
      online()(world);
      world.socket.reply = () => ({ ok: true });
    },
    play: (world, phone) => {
      ring(world);
      world.socket.timeout = () => ({ emit: () => undefined });
      void phone.answer("in-1");
    },
  },
  second: {
    prepare: online(),
    play: async (world, phone) => {
      await talk(world, phone);
      ring(world);
    },
  },
  secondhold: {
    prepare: online(),
    play: async (world, phone) => {
      await talk(world, phone, { actions: ["hang_up", "mute", "dtmf", "hold"] });
      ring(world);
    },
  },
  busy: ended({ reason: "busy", words: "The number is busy." }),
  unknown: ended({ reason: "unreachable", words: "This number does not exist." }),
  noanswer: ended({ reason: "no_answer" }),
  declined: ended({ reason: "declined" }),
  unreachable: ended({ reason: "unreachable" }),
  blocked: ended({ reason: "blocked" }),
  missed: {
    prepare: online(),
    play: (world) => {
      ring(world);
      const call = { ...incoming, phase: "ended" as const, reason: "cancelled" as const };
      world.socket.serve("call.ended", { call });
    },
  },
  refused: {
    prepare: (world) => {
      online()(world);
      world.socket.reply = () => ({
        ok: false,
        problem: { status: 409, code: "no_line", title: "No line" },
      });
    },
  },
  down: {
    prepare: online({
      connector: {
        state: "down",
        layers: [{ layer: "registration", state: "down", since: ago(25) }],
      },
    }),
  },
  reconnecting: {
    prepare: online(),
    play: async (world, phone) => {
      await talk(world, phone);
      world.socket.reachable = false;
      world.socket.drop();
    },
  },
};
