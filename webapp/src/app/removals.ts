import { type Problem, Store, toProblem } from "@offhook/sdk";

/** How long a deletion can be taken back. */
export const UNDO_MS = 10_000;

/** Asks the server to delete it; done when the list has been read again. */
type Send = (id: string) => Promise<unknown>;

const all: Removals[] = [];

/**
 * What is deleted leaves its list at once. The server hears of it when it can no longer be taken
 * back: it keeps nothing that it could restore.
 */
export class Removals {
  /** What the list does not show any more. */
  readonly hidden = new Store<ReadonlySet<string>>(new Set());
  /** How many can be taken back. */
  readonly undoable = new Store(0);
  readonly problem = new Store<Problem | null>(null);
  #waiting = new Map<string, Send>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    all.push(this);
  }

  remove(id: string, send: Send): void {
    this.problem.set(null);
    this.#waiting.set(id, send);
    this.hidden.update((ids) => new Set([...ids, id]));
    this.undoable.set(this.#waiting.size);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), UNDO_MS);
  }

  undo(): void {
    this.#show([...this.#waiting.keys()]);
    this.#stop();
  }

  /** Not to be taken back any more: the time is over, or the page. */
  async flush(): Promise<void> {
    const due = [...this.#waiting];
    this.#stop();
    await Promise.all(
      due.map(async ([id, send]) => {
        try {
          await send(id);
        } catch (error) {
          const problem = toProblem(error);
          // 404: another device was quicker. And nothing is told to the next user, if this one
          // has signed out meanwhile.
          const told = problem.status !== 404 && this.hidden.get().has(id);
          if (told) this.problem.set(problem);
        } finally {
          this.#show([id]);
        }
      }),
    );
  }

  /** Somebody else is signed in now, or all is deleted for good. */
  clear(): void {
    this.#stop();
    this.hidden.set(new Set());
    this.problem.set(null);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = new Map();
    this.undoable.set(0);
  }

  #show(ids: readonly string[]): void {
    this.hidden.update((hidden) => new Set([...hidden].filter((id) => !ids.includes(id))));
  }
}

/** Of every list: the page is left, or the user. */
export async function flushRemovals(): Promise<void> {
  await Promise.all(all.map((removals) => removals.flush()));
}

export function clearRemovals(): void {
  for (const removals of all) removals.clear();
}
