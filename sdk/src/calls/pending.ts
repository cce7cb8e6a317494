import { type Observable, Store } from "../observable.ts";

/** What the user asked of a call and the server has not confirmed yet. */
export type Pending = "answering" | "declining" | "ending";

/** One wish per call: asked twice it is still one, and a newer wish takes the older one's place. */
export class PendingWishes {
  readonly #all = new Store<Readonly<Record<string, Pending>>>({});

  get all(): Observable<Readonly<Record<string, Pending>>> {
    return this.#all;
  }

  of(callId: string): Pending | undefined {
    return this.#all.get()[callId];
  }

  async during(callId: string, wish: Pending, work: () => Promise<void>): Promise<void> {
    if (this.of(callId) === wish) return;
    this.#all.update((all) => ({ ...all, [callId]: wish }));
    try {
      await work();
    } finally {
      if (this.of(callId) === wish) {
        this.#all.update((all) =>
          Object.fromEntries(Object.entries(all).filter(([id]) => id !== callId)),
        );
      }
    }
  }
}
