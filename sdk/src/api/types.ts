/**
 * The client API as JSON. One set of names for REST and for the Socket.IO namespace `/phone`.
 * Times are RFC 3339 UTC, durations milliseconds, ids opaque strings.
 */

export type Phase = "dialling" | "ringing_out" | "early" | "ringing_in" | "connected" | "ended";
export type Hold = "none" | "local" | "remote" | "both";
export type MediaState = "none" | "attaching" | "attached" | "lost";
export type EndReason =
  | "hung_up"
  | "declined"
  | "busy"
  | "no_answer"
  | "cancelled"
  | "answered_elsewhere"
  | "unreachable"
  | "forwarded"
  | "transferred"
  | "merged"
  | "blocked"
  | "media_failed"
  | "node_failed";

/** A number as typed, as stored, and as shown. */
export interface Numbers {
  dialled: string;
  canonical: string;
  display: string;
}

export interface Remote {
  name: string | null;
  number: Numbers;
}

export interface Call {
  id: string;
  direction: "in" | "out";
  kind: "single" | "conference";
  phase: Phase;
  hold: Hold;
  media: MediaState;
  muted: boolean;
  remote: Remote;
  diverted_by: string | null;
  line_id: string;
  device_id: string | null;
  created_at: string;
  ringing_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  reason: EndReason | null;
  /** Verbs that the gateway takes for this call now. */
  actions: Verb[];
  /** Plain English of a failure, when the reason alone says too little. */
  words: string | null;
  session_id: string | null;
}

export type Verb =
  | "dial"
  | "answer"
  | "decline"
  | "silence"
  | "hang_up"
  | "hold"
  | "retrieve"
  | "swap"
  | "consult"
  | "transfer"
  | "merge"
  | "drop"
  | "park"
  | "move"
  | "pull"
  | "dtmf"
  | "mute"
  | "unmute";

export type JournalKind =
  | "pending"
  | "answered"
  | "missed"
  | "declined"
  | "forwarded"
  | "answered_by"
  | "failed"
  | "no_answer"
  | "busy"
  | "cancelled"
  | (string & {});

export interface JournalEntry {
  id: string;
  call_id: string;
  direction: "in" | "out";
  kind: JournalKind;
  reason: EndReason | null;
  name: string | null;
  number: Numbers;
  started_at: string;
  answered_at: string | null;
  ended_at: string | null;
  duration_ms: number | null;
  device_id: string | null;
  unread: boolean;
  diverted_by: string | null;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Person {
  user_id: string;
  name: string;
  email: string;
  /** Null for colleagues without a line. */
  number: Numbers | null;
}

export interface DemoHint {
  number: string;
  name: string;
  about: string;
}

export interface Me {
  user: { id: string; name: string; email: string };
  tenant: { id?: string; name: string };
  line: {
    line_id: string;
    number: string;
    desk_number: string | null;
    mailbox_number: string | null;
  } | null;
  site: { name?: string; country: string; area_code: string; extension_digits: number } | null;
  device_id?: string | null;
  demo?: { hints: DemoHint[] } | null;
}

export interface Device {
  id: string;
  kind: "web" | "pwa" | "ios" | "android" | "api";
  name: string;
  last_seen?: string | null;
}

/** Waiting messages; null means nobody knows. */
export type Mailbox = { new: number; old: number } | null;

export type ConnectorState =
  "not_set_up" | "connecting" | "working" | "weak" | "down" | "refused" | "unknown";

export interface Connector {
  state: ConnectorState;
  layers?: { layer: string; state: string; since: string }[];
}

export interface Snapshot {
  calls: Call[];
  unread: number;
  mwi: Mailbox;
  connector: Connector | null;
  me?: Me;
  devices?: Device[];
  device_id?: string | null;
}

/** RFC 9457 with our stable `code`. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail?: string;
  retry_after?: number;
}

export interface TurnCredentials {
  urls: string[];
  username: string;
  credential: string;
  ttl: number;
}

/** Every server event carries its place in the stream of one epoch. */
export interface Stamp {
  epoch: string;
  seq: number;
}

export interface ServerEvents {
  snapshot: Snapshot;
  "call.created": { call: Call };
  "call.updated": { call: Call };
  "call.ended": { call: Call };
  "ring.offer": { call: Call; lease_ms: number };
  "ring.renew": { call_id: string; lease_ms?: number };
  "ring.stop": { call_id: string; reason: string; by?: string | null };
  "media.answer": { call_id: string; sdp: string; generation: number };
  "media.renegotiate": { call_id: string; fresh?: boolean };
  "media.restart": { call_id: string };
  "mwi.changed": { mailbox: Mailbox };
  "journal.added": { entry: JournalEntry; unread?: number };
  "journal.changed": { entry: JournalEntry; unread?: number };
  /** Without an id all entries are gone. */
  "journal.removed": { id: string | null; unread?: number };
  "connector.changed": { connector: Connector };
  "devices.changed": { devices?: Device[] };
  notice: { call_id?: string; code: string; words?: string };
  "session.ended": { reason: string };
}

export type ServerEventName = keyof ServerEvents;
export type Ack = { ok: true; call?: Call } | { ok: false; problem: Problem };
