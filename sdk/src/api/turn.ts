import type { RestClient } from "./rest.ts";
import type { Session } from "./session.ts";
import type { TurnCredentials } from "./types.ts";

const RENEW_AT = 0.8;
/** The first retries come soon: a call may be waiting for them. */
const FIRST_RETRIES_MS = [1_000, 2_000, 4_000];
const RETRY_MS = 30_000;
/** Those of before a reload will do: new ones are asked for when the audio is back. */
const RECALLED_MS = 2_000;

export interface TurnDeps {
  rest: RestClient;
  session: Session;
  now: () => number;
  later: (ms: number, work: () => void) => () => void;
  /** New credentials are here: connections that were begun without them want to know. */
  onFresh: () => void;
  /** From one life of the page to the next: what is taken is there no more. */
  memory: { take: () => unknown; save: (held: HeldTurn) => void };
}

export interface HeldTurn {
  credentials: TurnCredentials;
  renewAt: number;
  until: number;
}

/** What another release left may be of another form. */
function isHeldTurn(value: unknown): value is HeldTurn {
  const { credentials, renewAt, until } = (value ?? {}) as Partial<HeldTurn>;
  const { urls, username, credential } = (credentials ?? {}) as Partial<TurnCredentials>;
  return (
    typeof renewAt === "number" &&
    typeof until === "number" &&
    Array.isArray(urls) &&
    urls.every((url) => typeof url === "string") &&
    typeof username === "string" &&
    typeof credential === "string"
  );
}

/** TURN credentials, fetched at sign-in and renewed at 80 % of their life, never per call. */
export class Turn {
  readonly #deps: TurnDeps;
  #held: HeldTurn | null = null;
  #cancel: (() => void) | null = null;
  /** Between start and stop. */
  #wanted = false;
  #asking = false;
  #failures = 0;
  /** Grows with start and stop: an answer to a question of before counts no more. */
  #round = 0;

  constructor(deps: TurnDeps) {
    this.#deps = deps;
  }

  /** The relay refuses credentials that ran out: better none than those. */
  iceServers(): RTCIceServer[] {
    if (!this.#held || this.#deps.now() >= this.#held.until) return [];
    const { urls, username, credential } = this.#held.credentials;
    return urls.length === 0 ? [] : [{ urls, username, credential }];
  }

  /** The page is loaded again during a call: its next life begins with these. */
  keep(): void {
    if (this.#held) this.#deps.memory.save(this.#held);
  }

  /** For a connection that is begun before the session is known. They do not stay in storage. */
  recall(wanted: boolean): void {
    const kept = this.#deps.memory.take();
    if (wanted && isHeldTurn(kept)) this.#held = kept;
  }

  /** They are of no use: the next are asked for at once. */
  discard(): void {
    this.#held = null;
    this.refresh();
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    const round = this.#round;
    if (this.iceServers().length === 0) void this.#fetch(round);
    else this.#cancel = this.#deps.later(RECALLED_MS, () => void this.#fetch(round));
  }

  stop(): void {
    this.#round += 1;
    this.#cancel?.();
    this.#wanted = false;
    this.#asking = false;
    this.#failures = 0;
    this.#held = null;
  }

  /** After sleep, or when the network is back: the clock that renews them stood still meanwhile. */
  refresh(): void {
    if (!this.#wanted || this.#asking) return;
    if (this.#held && this.#deps.now() < this.#held.renewAt) return;
    this.#cancel?.();
    void this.#fetch(this.#round);
  }

  async #fetch(round: number): Promise<void> {
    const { rest, session, now, later, onFresh } = this.#deps;
    this.#asking = true;
    // From before the question: their life begins when the server makes them.
    const at = now();
    let wait: number;
    try {
      const credentials = await rest.call("POST /turn-credentials", {}, session);
      if (round !== this.#round) return;
      const life = credentials.ttl * 1000;
      this.#held = { credentials, renewAt: at + life * RENEW_AT, until: at + life };
      this.#failures = 0;
      wait = Math.max(RETRY_MS, life * RENEW_AT);
    } catch {
      if (round !== this.#round) return;
      // Without TURN the direct path still works for most; try again later.
      wait = FIRST_RETRIES_MS[this.#failures] ?? RETRY_MS;
      this.#failures += 1;
    }
    this.#asking = false;
    this.#cancel = later(wait, () => void this.#fetch(round));
    if (this.#failures === 0) onFresh();
  }
}
