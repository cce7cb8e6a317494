import { type Call, type EndedCall, Store } from "@offhook/sdk";

/** Somebody who waits at a place of the phone system. */
export interface Parked {
  slot: string;
  who: string;
  /** Our clock. */
  at: number;
}

const KEY = "offhook.parked";
/** The phone system rings back or ends the call long before. */
const FORGET_MS = 3_600_000;

function load(): readonly Parked[] {
  try {
    const list = JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as unknown;
    return Array.isArray(list) ? list.filter(isParked) : [];
  } catch {
    return [];
  }
}

/**
 * Who was parked from this tab. The phone system does not tell who fetched whom: what is shown here
 * is where the user left somebody, until it is fetched or put away.
 */
export const parked = new Store<readonly Parked[]>(load());

/** Calls that the server was asked to park, and where. */
const asked = new Map<string, string>();
/** Those that were. */
const noted = new Set<string>();

export function parking(call: Call, slot: string): void {
  asked.set(call.id, slot);
}

/**
 * Where a call goes that is on its way to a park place. The place may have been refused and the
 * call be handed to somebody since: the server says where it really goes.
 */
export function parkedAt(call: Call): string | undefined {
  const slot = asked.get(call.id);
  return call.transfer?.to.number.dialled === slot ? slot : undefined;
}

/** A call that we asked to park and that was handed over waits there. */
export function noteParked({ call, at }: EndedCall, who: string): void {
  const slot = parkedAt(call);
  if (slot === undefined || noted.has(call.id) || call.reason !== "transferred") return;
  noted.add(call.id);
  keep([...without(slot), { slot, who, at }]);
}

export function forgetParked(slot: string): void {
  keep(without(slot));
}

/** Nothing of one user may be seen by the next one at this browser. */
export function clearParked(): void {
  asked.clear();
  noted.clear();
  keep([]);
}

function without(slot: string): Parked[] {
  const since = Date.now() - FORGET_MS;
  return parked.get().filter((one) => one.slot !== slot && one.at > since);
}

function keep(list: readonly Parked[]): void {
  parked.set(list);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(list));
  } catch {
    // Then a reload forgets it; the place can be typed.
  }
}

function isParked(value: unknown): value is Parked {
  const one = value as Partial<Parked> | null;
  return typeof one?.slot === "string" && typeof one.who === "string" && typeof one.at === "number";
}
