export interface AutoAnswerDeps {
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

  constructor(deps: AutoAnswerDeps) {
    this.#deps = deps;
  }

  /** An offer that comes again, on a new socket, does not begin the wait anew. */
  offered(callId: string, afterMs: number | null): void {
    if (afterMs === null || this.#waiting.has(callId)) return;
    const cancel = this.#deps.later(afterMs, () => {
      this.#waiting.delete(callId);
      if (this.#deps.mayAnswer(callId)) void this.#deps.answer(callId).catch(() => undefined);
    });
    this.#waiting.set(callId, cancel);
  }

  stopped(callId: string): void {
    this.#waiting.get(callId)?.();
    this.#waiting.delete(callId);
  }

  clear(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }
}
