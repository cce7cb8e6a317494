import type { Call } from "../api/types.ts";

/** A machine at the far end needs a moment before it listens to digits. */
const AFTER_ANSWER_MS = 1_000;

/** Digits that belong to a dialled number and are sent once somebody answered. */
export class PostDial {
  readonly #waiting = new Map<string, string>();
  readonly #send: (callId: string, digits: string) => Promise<void>;
  readonly #later: (ms: number, work: () => void) => () => void;

  constructor(
    send: (callId: string, digits: string) => Promise<void>,
    later: (ms: number, work: () => void) => () => void,
  ) {
    this.#send = send;
    this.#later = later;
  }

  add(callId: string, digits: string): void {
    if (digits !== "") this.#waiting.set(callId, digits);
  }

  /** The call moved on: are its digits due? A call that ended needs none. */
  follow(call: Call): void {
    const digits = this.#waiting.get(call.id);
    if (digits === undefined) return;
    if (call.phase === "ended") this.#waiting.delete(call.id);
    if (call.phase !== "connected" || call.media !== "attached") return;
    this.#waiting.delete(call.id);
    this.#later(AFTER_ANSWER_MS, () => void this.#send(call.id, digits).catch(() => undefined));
  }

  clear(): void {
    this.#waiting.clear();
  }
}
