import type { Ringer } from "../media/ringer.ts";
import type { Store } from "../observable.ts";
import type { PendingWishes } from "./pending.ts";
import { type CallsState, expireRings } from "./state.ts";

export interface RingingDeps {
  ringer: Ringer;
  calls: Store<CallsState>;
  pending: PendingWishes;
  leads: () => boolean;
  now: () => number;
  later: (ms: number, work: () => void) => () => void;
}

/** What is heard of calls that ring: one tab rings, and only as long as the server renews it. */
export class Ringing {
  readonly #deps: RingingDeps;
  #cancelLease: (() => void) | null = null;

  constructor(deps: RingingDeps) {
    this.#deps = deps;
  }

  update(): void {
    const { calls, leads, later, now, pending, ringer } = this.#deps;
    const state = calls.get();
    const rings = Object.values(state.rings).filter((ring) => !pending.of(ring.call_id));
    const talking = state.calls.some((call) => call.phase !== "ringing_in");
    this.stop();
    if (rings.length === 0 || !leads()) {
      ringer.set("none");
      return;
    }
    ringer.set(talking ? "second_call" : "ring");
    const next = Math.min(...rings.map((ring) => ring.until));
    this.#cancelLease = later(Math.max(0, next - now()), () =>
      calls.update((s) => expireRings(s, now())),
    );
  }

  stop(): void {
    this.#cancelLease?.();
    this.#cancelLease = null;
  }
}
