/**
 * The client API as JSON. One set of names for REST and for the Socket.IO namespace `/phone`.
 * Times are RFC 3339 UTC, durations milliseconds, ids opaque strings. The shapes are the gateway's
 * own, see schema.ts.
 */
import type { Call, PersonPresence, Problem as Document, ServerEvents } from "./schema.ts";

export type {
  AlternativeView as AlternativeNumber,
  Call,
  Connector,
  ContactsImported,
  ContactView as Contact,
  DeskPhone,
  DeviceInfo,
  DeviceView as Device,
  EntryDetails,
  EntryView as JournalEntry,
  ForwardingEntry,
  ForwardingView as Forwarding,
  HintView as DemoHint,
  HuntGroupsView as HuntGroups,
  JournalPage,
  MailboxView as Mailbox,
  MeView as Me,
  OwnPresence,
  NumberView as Numbers,
  PersonPresence,
  PersonView as Person,
  Pickup,
  RoutingView,
  ServerEvents,
  SettingsView,
  Snapshot,
  Stamp,
  TokenReply,
  TrailView,
  TurnView as TurnCredentials,
} from "./schema.ts";

/** A refusal; status 0 = our own finding. Its `type` says nothing that `code` does not. */
export type Problem = Omit<Document, "type">;

/** What belongs to no call and is there or not, by phone system and line. */
export type Offer = ServerEvents["offers.changed"]["offers"][number];

export type ServerEventName = keyof ServerEvents;

/** What a command over the socket is answered: accepted or refused, never how it went on. */
export type Ack =
  { ok: true; call?: Call; presence?: PersonPresence[] } | { ok: false; problem: Problem };
