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
  #running = false;

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
    this.#running = true;
    void this.#fetch();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#current = null;
  }

  async #fetch(): Promise<void> {
    let wait = RETRY_MS;
    try {
      this.#current = await this.#rest.call("POST /turn-credentials", {}, this.#session);
      wait = Math.max(RETRY_MS, this.#current.ttl * 1000 * RENEW_AT);
    } catch {
      // Without TURN the direct path still works for most; try again later.
    }
    if (this.#running) this.#cancel = this.#later(wait, () => void this.#fetch());
  }
}
