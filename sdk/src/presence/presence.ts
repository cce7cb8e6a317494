import { toProblem } from "../api/problem.ts";
import type { RestClient } from "../api/rest.ts";
import type { Body } from "../api/routes.ts";
import type { Session } from "../api/session.ts";
import type {
  Ack,
  OwnPresence,
  PersonPresence,
  ServerEventName,
  ServerEvents,
} from "../api/types.ts";
import { type Observable, Store } from "../observable.ts";

export type PresenceChange = Body<"PATCH /presence">;
export type People = Readonly<Record<string, PersonPresence>>;

export interface PresenceDeps {
  rest: RestClient;
  session: Session;
  /** A command over the socket; rejects while there is none. */
  ask: (verb: string, body: Record<string, unknown>) => Promise<Ack & { ok: true }>;
  later: (ms: number, work: () => void) => () => void;
}

/** Rows come and go while a list is scrolled: they are asked for together. */
const GATHER_MS = 100;
/** Of the gateway, in one command. */
const MOST_AT_ONCE = 1000;
/** Who left the screen is likely to come back while it is scrolled: they stay watched up to here. */
const MOST_IDLE = 300;

/**
 * How the user and colleagues are seen. Only who is on the screen is watched: `watch` says so, and
 * what it gives back ends it.
 */
export class Presence {
  readonly #deps: PresenceDeps;
  readonly #own = new Store<OwnPresence | null>(null);
  readonly #people = new Store<People>({});
  /** How many places of the page show somebody. */
  readonly #wanted = new Map<string, number>();
  /** Whom this connection's gateway tells us about. */
  readonly #watched = new Set<string>();
  #cancelGather: (() => void) | null = null;

  constructor(deps: PresenceDeps) {
    this.#deps = deps;
  }

  get own(): Observable<OwnPresence | null> {
    return this.#own;
  }

  get people(): Observable<People> {
    return this.#people;
  }

  watch(userIds: readonly string[]): () => void {
    for (const id of userIds) this.#wanted.set(id, (this.#wanted.get(id) ?? 0) + 1);
    this.#gather();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      for (const id of userIds) {
        const left = (this.#wanted.get(id) ?? 1) - 1;
        if (left > 0) this.#wanted.set(id, left);
        else this.#wanted.delete(id);
      }
      this.#gather();
    };
  }

  async change(change: PresenceChange): Promise<void> {
    const { rest, session } = this.#deps;
    this.#own.set(await rest.call("PATCH /presence", { body: change }, session));
  }

  onEvent<N extends ServerEventName>(name: N, payload: ServerEvents[N]): void {
    if (name === "snapshot") {
      this.#own.set((payload as ServerEvents["snapshot"]).presence);
      // A new connection watches nobody yet.
      this.#watched.clear();
      this.#gather();
    } else if (name === "presence.changed") {
      const { presence, own } = payload as ServerEvents["presence.changed"];
      if (own !== null) this.#own.set(own);
      this.#keep([presence]);
    }
  }

  clear(): void {
    this.#cancelGather?.();
    this.#cancelGather = null;
    this.#watched.clear();
    this.#own.set(null);
    this.#people.set({});
  }

  #keep(seen: readonly PersonPresence[]): void {
    if (seen.length === 0) return;
    const known = { ...this.#people.get() };
    for (const person of seen) known[person.user_id] = person;
    this.#people.set(known);
  }

  #gather(ms = GATHER_MS): void {
    this.#cancelGather ??= this.#deps.later(ms, () => {
      this.#cancelGather = null;
      void this.#tell();
    });
  }

  async #tell(): Promise<void> {
    const idle = [...this.#watched].filter((id) => !this.#wanted.has(id));
    const gone = idle.length > MOST_IDLE ? idle : [];
    const fresh = [...this.#wanted.keys()].filter((id) => !this.#watched.has(id));
    for (const id of gone) this.#watched.delete(id);
    for (const id of fresh) this.#watched.add(id);
    try {
      for (const ids of parts(gone)) await this.#deps.ask("presence.unwatch", { user_ids: ids });
      for (const ids of parts(fresh)) {
        const answer = await this.#deps.ask("presence.watch", { user_ids: ids });
        this.#keep(answer.presence ?? []);
      }
    } catch (error) {
      // Without a connection nobody is watched; the next snapshot begins anew.
      for (const id of fresh) this.#watched.delete(id);
      // Who scrolls fast is told to wait: nothing else would ask for these people again.
      const { retry_after: seconds } = toProblem(error);
      if (seconds !== undefined) this.#gather(Math.max(seconds * 1000, GATHER_MS));
    }
  }
}

function parts(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / MOST_AT_ONCE);
  return Array.from({ length: count }, (_, i) =>
    ids.slice(i * MOST_AT_ONCE, (i + 1) * MOST_AT_ONCE),
  );
}
