import type { ServerEvents } from "../api/types.ts";
import type { Store } from "../observable.ts";
import type { Moving } from "./moving.ts";
import { type CallsState, dropNotice } from "./state.ts";

/** How long a notice about a call is shown; the server does not take it back. */
const NOTICE_MS = 12_000;

/** What the server says about a call in passing. */
export class Notices {
  readonly #calls: Store<CallsState>;
  readonly #moving: Moving;
  readonly #later: (ms: number, work: () => void) => () => void;

  constructor(
    calls: Store<CallsState>,
    moving: Moving,
    later: (ms: number, work: () => void) => () => void,
  ) {
    this.#calls = calls;
    this.#moving = moving;
    this.#later = later;
  }

  /** It is shown for a while, unless the server says something newer meanwhile. */
  came({ call_id: callId, code }: ServerEvents["notice"]): void {
    if (code === "pull_failed") this.#moving.failed(callId);
    const shown = this.#calls.get().notices[callId];
    this.#later(NOTICE_MS, () => {
      if (this.#calls.get().notices[callId] !== shown) return;
      this.#calls.update((state) => dropNotice(state, callId));
    });
  }
}
