import type {
  Call,
  Connector,
  DeskPhone,
  Mailbox,
  Me,
  Offer,
  Pickup,
  ServerEventName,
  ServerEvents,
} from "../api/types.ts";

/** A ring is a lease: without renewal it falls silent by itself. */
export interface Ring {
  call_id: string;
  /** End of the lease, our clock in ms. */
  until: number;
  lease_ms: number;
}

export interface EndedCall {
  call: Call;
  at: number;
  /** Who took it, when it rang here and was answered elsewhere. */
  by: string | null;
}

/** What the server has to say about a call besides its state; shown for a while. */
export interface CallNotice {
  code: string;
  /** The server's own English, for codes that this client does not know. */
  words: string;
  /** Why, in the words of a call's end, where the phone system told. */
  reason: string | null;
}

/** Everything that the server tells about the user's phone now. Lists are read by REST. */
export interface CallsState {
  /** False until the first snapshot. */
  known: boolean;
  calls: readonly Call[];
  rings: Readonly<Record<string, Ring>>;
  ended: readonly EndedCall[];
  /** By call. */
  notices: Readonly<Record<string, CallNotice>>;
  unread: number;
  /** Waiting messages; null means nobody knows. */
  mwi: Mailbox | null;
  connector: Connector | null;
  /** How the user's desk phone is; null means the phone system told of none. */
  deskPhone: DeskPhone["state"] | null;
  /** What rings at colleagues whose calls this user may take. */
  pickups: readonly Pickup[];
  /** What the phone system and this user's line offer besides what calls list. */
  offers: readonly Offer[];
  me: Me | null;
  deviceId: string | null;
  /** Counts up with every journal event: readers of the list know when to read again. */
  journalVersion: number;
  /** The same of what happens when somebody calls: routing here, forwarding at the PBX. */
  routingVersion: number;
  /** The same of what operator and administrators announce. */
  announcementVersion: number;
}

export const emptyCalls: CallsState = {
  known: false,
  calls: [],
  rings: {},
  ended: [],
  notices: {},
  unread: 0,
  mwi: null,
  connector: null,
  deskPhone: null,
  pickups: [],
  offers: [],
  me: null,
  deviceId: null,
  journalVersion: 0,
  routingVersion: 0,
  announcementVersion: 0,
};

const DEFAULT_LEASE_MS = 6_000;
const KEEP_ENDED = 5;

type Reducers = {
  [N in ServerEventName]?: (s: CallsState, p: ServerEvents[N], now: number) => CallsState;
};

const reducers: Reducers = {
  snapshot: (s, p, now) => {
    const calls = p.calls.filter((call) => call.phase !== "ended");
    const live = new Set(calls.filter((c) => c.phase === "ringing_in").map((c) => c.id));
    const rings = Object.fromEntries(Object.entries(s.rings).filter(([id]) => live.has(id)));
    const here = new Set(calls.map((call) => call.id));
    const notices = Object.fromEntries(Object.entries(s.notices).filter(([id]) => here.has(id)));
    const gone = s.calls.filter((old) => !here.has(old.id));
    return {
      ...s,
      known: true,
      calls,
      rings,
      notices,
      // The end of these came while we were away; how they ended is in the journal.
      ended: remember(
        s.ended,
        gone.map((call) => ({ call: { ...call, phase: "ended" as const }, at: now, by: null })),
      ),
      unread: p.unread,
      mwi: p.mwi,
      connector: p.connector,
      deskPhone: p.desk_phone?.state ?? null,
      pickups: p.pickups,
      offers: p.offers,
      me: p.me,
      deviceId: p.device_id,
      journalVersion: s.journalVersion + 1,
      routingVersion: s.routingVersion + 1,
      announcementVersion: s.announcementVersion + 1,
    };
  },
  "call.created": (s, p, now) => upsert(s, p.call, now),
  "call.updated": (s, p, now) => upsert(s, p.call, now),
  "call.ended": (s, p, now) => end(s, p.call, now),
  "ring.offer": (s, p, now) => {
    const next = upsert(s, p.call, now);
    return withRing(next, p.call.id, now, p.lease_ms);
  },
  "ring.renew": (s, p, now) => {
    const call = s.calls.find((c) => c.id === p.call_id);
    if (call?.phase !== "ringing_in") return s;
    const lease = s.rings[p.call_id]?.lease_ms ?? DEFAULT_LEASE_MS;
    return withRing(s, p.call_id, now, lease);
  },
  "ring.stop": (s, p) => {
    const next = { ...s, rings: without(s.rings, p.call_id) };
    const { by } = p;
    if (by === null) return next;
    return {
      ...next,
      ended: s.ended.map((e) => (e.call.id === p.call_id ? { ...e, by } : e)),
    };
  },
  notice: (s, p) => {
    const id = p.call_id;
    if (!s.calls.some((call) => call.id === id)) return s;
    return {
      ...s,
      notices: { ...s.notices, [id]: { code: p.code, words: p.words, reason: p.reason } },
    };
  },
  "journal.added": journalMoved,
  "journal.changed": journalMoved,
  "journal.removed": journalMoved,
  "desk_phone.changed": (s, p) => ({ ...s, deskPhone: p.desk_phone?.state ?? null }),
  "pickup.offer": (s, p) => ({ ...s, pickups: [...otherPickups(s, p.id), p] }),
  "pickup.gone": (s, p) => ({ ...s, pickups: otherPickups(s, p.id) }),
  "mwi.changed": (s, p) => ({ ...s, mwi: p.mwi }),
  "routing.changed": routingMoved,
  "forwarding.changed": routingMoved,
  "hunt_groups.changed": routingMoved,
  "alternative_number.changed": routingMoved,
  "announcement.changed": (s) => ({ ...s, announcementVersion: s.announcementVersion + 1 }),
  "offers.changed": (s, p) => ({ ...routingMoved(s), offers: p.offers }),
  // What the PBX can be asked for depends on the link.
  "connector.changed": (s, p) => ({ ...routingMoved(s), connector: p.connector }),
};

/** One server event applied. Unknown events change nothing: a newer server may send them. */
export function reduceCalls<N extends ServerEventName>(
  state: CallsState,
  name: N,
  payload: ServerEvents[N],
  now: number,
): CallsState {
  const reducer = reducers[name];
  return reducer ? reducer(state, payload, now) : state;
}

/** Rings whose lease ran out fall silent; the call itself stays until the server ends it. */
export function expireRings(state: CallsState, now: number): CallsState {
  const alive = Object.entries(state.rings).filter(([, ring]) => ring.until > now);
  if (alive.length === Object.keys(state.rings).length) return state;
  return { ...state, rings: Object.fromEntries(alive) };
}

export function silence(state: CallsState, callId: string): CallsState {
  return { ...state, rings: without(state.rings, callId) };
}

/** The server knows it no more: its end did not reach us, how it ended is in the journal. */
export function endHere(state: CallsState, callId: string, now: number): CallsState {
  const call = state.calls.find((c) => c.id === callId);
  return call ? end(state, { ...call, phase: "ended" }, now) : state;
}

/** At once, before the server says so. */
export function showMuted(state: CallsState, callId: string, muted: boolean): CallsState {
  const calls = state.calls.map((call) => (call.id === callId ? { ...call, muted } : call));
  return { ...state, calls };
}

export function dropNotice(state: CallsState, callId: string): CallsState {
  return { ...state, notices: without(state.notices, callId) };
}

export function dismissEnded(state: CallsState, callId: string): CallsState {
  return { ...state, ended: state.ended.filter((e) => e.call.id !== callId) };
}

function otherPickups(state: CallsState, id: string): readonly Pickup[] {
  return state.pickups.filter((pickup) => pickup.id !== id);
}

function routingMoved(state: CallsState): CallsState {
  return { ...state, routingVersion: state.routingVersion + 1 };
}

function journalMoved(state: CallsState, p: { unread: number }): CallsState {
  return { ...state, unread: p.unread, journalVersion: state.journalVersion + 1 };
}

function upsert(state: CallsState, call: Call, now: number): CallsState {
  if (call.phase === "ended") return end(state, call, now);
  const known = state.calls.some((c) => c.id === call.id);
  const calls = known
    ? state.calls.map((c) => (c.id === call.id ? call : c))
    : [...state.calls, call];
  const rings = call.phase === "ringing_in" ? state.rings : without(state.rings, call.id);
  return { ...state, calls, rings };
}

function end(state: CallsState, call: Call, now: number): CallsState {
  return {
    ...state,
    calls: state.calls.filter((c) => c.id !== call.id),
    rings: without(state.rings, call.id),
    notices: without(state.notices, call.id),
    ended: remember(state.ended, [{ call, at: now, by: null }]),
  };
}

function remember(ended: readonly EndedCall[], more: readonly EndedCall[]): readonly EndedCall[] {
  if (more.length === 0) return ended;
  const fresh = new Set(more.map((e) => e.call.id));
  return [...more, ...ended.filter((e) => !fresh.has(e.call.id))].slice(0, KEEP_ENDED);
}

function withRing(state: CallsState, callId: string, now: number, lease_ms: number): CallsState {
  const ring: Ring = { call_id: callId, until: now + lease_ms, lease_ms };
  return { ...state, rings: { ...state.rings, [callId]: ring } };
}

function without<T>(map: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!(key in map)) return map;
  return Object.fromEntries(Object.entries(map).filter(([id]) => id !== key));
}
