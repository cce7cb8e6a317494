/** A clock that moves only when told to. Work that falls due runs in order of its time. */
export class FakeClock {
  #now: number;
  #serial = 0;
  #due: { at: number; order: number; work: () => void }[] = [];

  constructor(start = 1_000_000) {
    this.#now = start;
  }

  now = (): number => this.#now;

  later = (ms: number, work: () => void): (() => void) => {
    const item = { at: this.#now + ms, order: (this.#serial += 1), work };
    this.#due.push(item);
    return () => {
      this.#due = this.#due.filter((other) => other !== item);
    };
  };

  get waiting(): number {
    return this.#due.length;
  }

  /** Moves on, and lets promises settle between one piece of work and the next. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#due
        .filter((item) => item.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.#due = this.#due.filter((item) => item !== next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets chains of promises run to their end; no time passes. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
}
