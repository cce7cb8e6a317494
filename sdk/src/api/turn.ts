import type { RestClient } from "./rest.ts";
import type { Session } from "./session.ts";
import type { TurnCredentials } from "./types.ts";

const RENEW_AT = 0.8;
const RETRY_MS = 30_000;

/** TURN credentials, fetched at sign-in and renewed at 80 % of their life, never per call. */
export class Turn {
  readonly #rest: RestClient;
  readonly #session: Session;
  readonly #later: (ms: number, work: () => void) => () => void;
  #current: TurnCredentials | null = null;
  #cancel: (() => void) | null = null;
  /** Grows with start and stop: an answer to a question of before counts no more. */
  #round = 0;

  constructor(
    rest: RestClient,
    session: Session,
    later: (ms: number, work: () => void) => () => void,
  ) {
    this.#rest = rest;
    this.#session = session;
    this.#later = later;
  }

  iceServers(): RTCIceServer[] {
    const turn = this.#current;
    if (!turn || turn.urls.length === 0) return [];
    return [{ urls: turn.urls, username: turn.username, credential: turn.credential }];
  }

  start(): void {
    this.stop();
    void this.#fetch(this.#round);
  }

  stop(): void {
    this.#round += 1;
    this.#cancel?.();
    this.#current = null;
  }

  async #fetch(round: number): Promise<void> {
    let wait = RETRY_MS;
    try {
      const fresh = await this.#rest.call("POST /turn-credentials", {}, this.#session);
      if (round !== this.#round) return;
      this.#current = fresh;
      wait = Math.max(RETRY_MS, fresh.ttl * 1000 * RENEW_AT);
    } catch {
      // Without TURN the direct path still works for most; try again later.
    }
    if (round === this.#round) this.#cancel = this.#later(wait, () => void this.#fetch(round));
  }
}
