import type { Platform } from "../browser/platform.ts";
import type { LegView } from "../media/leg.ts";
import type { PhoneSocket } from "./socket.ts";

/** With a broken leg: the socket must answer within this, and is looked at this often. */
const PROBE_MS = 500;
const PROBE_AT_MOST_MS = 5_000;
const REPAIR_EVERY_MS = 1_000;
/**
 * Firefox says that a path is gone 20 ms after its address went, and the next address takes some
 * time to come. A WebSocket that finds no network makes Firefox wait with the next one for up to
 * 400 ms; a request does not. So requests look whether there is a network again, and the socket
 * follows the first answer. One over a connection from before the change never gets any: the next
 * does not wait for it. After one that ran out of its time the next gets twice as much: the path
 * may be slow, and a new connection takes several round trips.
 */
const REACH_EVERY_MS = 50;
const REACH_WITHIN_MS = 200;
const REACH_AT_MOST_MS = 800;
/** A browser opens no more than six connections to one host. */
const REACH_AT_ONCE = 4;

/** While a leg is broken its offers need a socket that works: look every second. */
export class SocketRepair {
  readonly #socket: PhoneSocket;
  readonly #legs: () => LegView[];
  readonly #platform: Pick<Platform, "later" | "reach">;
  /** Twice as long after each miss: the path may be slow, not dead. */
  #probeMs = PROBE_MS;
  #cancel: (() => void) | null = null;
  #cancelReach: (() => void) | null = null;
  /** The search for the network that is on; null: none, or the socket has been replaced. */
  #search: object | null = null;

  constructor(
    socket: PhoneSocket,
    legs: () => LegView[],
    platform: Pick<Platform, "later" | "reach">,
  ) {
    this.#socket = socket;
    this.#legs = legs;
    this.#platform = platform;
  }

  look(first = true): void {
    const broken = this.#broken();
    if (broken.length === 0) this.#probeMs = PROBE_MS;
    if (broken.length === 0 || this.#cancel) return;
    // The old path is known to be gone: no answer can come, so do not wait for one.
    if (first && broken.some((leg) => leg.trouble === "ice_disconnected")) this.#replaceSoon();
    else {
      this.#socket.probe(this.#probeMs, () => {
        this.#probeMs = Math.min(this.#probeMs * 2, PROBE_AT_MOST_MS);
        this.#endSearch();
      });
    }
    this.#cancel = this.#platform.later(REPAIR_EVERY_MS, () => {
      this.#cancel = null;
      this.look(false);
    });
  }

  /** The network is known to have changed: there is nothing to search for. */
  replace(): void {
    this.#endSearch();
    this.#socket.replace();
  }

  /** The socket is being replaced: an answer that comes now must not do it again. */
  #endSearch(): void {
    this.#search = null;
    this.#cancelReach?.();
  }

  /**
   * Asks for as long as it takes until the next look, which asks the socket itself. An answer that
   * comes after that is good as well.
   */
  #replaceSoon(): void {
    const search = (this.#search = {});
    let [left, open, within] = [REPAIR_EVERY_MS / REACH_EVERY_MS, 0, REACH_WITHIN_MS];
    const over = () => this.#search !== search || this.#broken().length === 0;
    const ask = async () => {
      const limit = within;
      open += 1;
      try {
        await this.#platform.reach(limit);
        if (over()) return;
        this.#search = null;
        this.#socket.replace();
      } catch (error) {
        if (ranOut(error)) within = Math.max(within, Math.min(limit * 2, REACH_AT_MOST_MS));
      } finally {
        open -= 1;
      }
    };
    const again = () => {
      this.#cancelReach = this.#platform.later(REACH_EVERY_MS, () => {
        if (left === 0 || over()) return;
        left -= 1;
        if (open < REACH_AT_ONCE) void ask();
        again();
      });
    };
    again();
  }

  #broken(): LegView[] {
    return this.#legs().filter((leg) => leg.state === "recovering");
  }

  stop(): void {
    this.#cancel?.();
    this.#endSearch();
  }
}

function ranOut(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}
