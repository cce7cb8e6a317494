import { type Observable, Store } from "../observable.ts";

export interface AutoAnswerDeps {
  now: () => number;
  later: (ms: number, work: () => void) => () => void;
  /** Whether the call still rings here, and nothing else is going on. */
  mayAnswer: (callId: string) => boolean;
  answer: (callId: string) => Promise<void>;
}

/**
 * The user wants this device to take calls by itself. The ring is the tone that says so before the
 * microphone opens; whatever the user does meanwhile counts more.
 */
export class AutoAnswer {
  readonly #deps: AutoAnswerDeps;
  readonly #waiting = new Map<string, () => void>();
  readonly #due = new Store<Readonly<Record<string, number>>>({});

  constructor(deps: AutoAnswerDeps) {
    this.#deps = deps;
  }

  /** When each call is taken, our clock in ms. */
  get due(): Observable<Readonly<Record<string, number>>> {
    return this.#due;
  }

  /** An offer that comes again, on a new socket, does not begin the wait anew. */
  offered(callId: string, afterMs: number | null): void {
    if (afterMs === null || this.#waiting.has(callId)) return;
    const cancel = this.#deps.later(afterMs, () => {
      this.cancel(callId);
      if (this.#deps.mayAnswer(callId)) void this.#deps.answer(callId).catch(() => undefined);
    });
    this.#waiting.set(callId, cancel);
    this.#due.update((due) => ({ ...due, [callId]: this.#deps.now() + afterMs }));
  }

  /** The user wants to decide, or there is nothing left to take. */
  cancel(callId: string): void {
    if (!this.#waiting.has(callId)) return;
    this.#waiting.get(callId)?.();
    this.#waiting.delete(callId);
    this.#due.update((due) =>
      Object.fromEntries(Object.entries(due).filter(([id]) => id !== callId)),
    );
  }

  clear(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
    this.#due.set({});
  }
}
