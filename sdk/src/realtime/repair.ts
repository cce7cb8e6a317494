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
 * does not wait for it.
 */
const REACH_EVERY_MS = 50;
const REACH_WITHIN_MS = 200;

/** While a leg is broken its offers need a socket that works: look every second. */
export class SocketRepair {
  readonly #socket: PhoneSocket;
  readonly #legs: () => LegView[];
  readonly #platform: Pick<Platform, "later" | "reach">;
  /** Twice as long after each miss: the path may be slow, not dead. */
  #probeMs = PROBE_MS;
  #cancel: (() => void) | null = null;
  #cancelReach: (() => void) | null = null;

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
      });
    }
    this.#cancel = this.#platform.later(REPAIR_EVERY_MS, () => {
      this.#cancel = null;
      this.look(false);
    });
  }

  /** For as long as it takes until the next look, which asks the socket itself. */
  #replaceSoon(): void {
    let left = REPAIR_EVERY_MS / REACH_EVERY_MS;
    const again = () => {
      this.#cancelReach = this.#platform.later(REACH_EVERY_MS, () => {
        if (this.#broken().length === 0 || left === 0) return;
        left -= 1;
        void this.#platform.reach(REACH_WITHIN_MS).then(
          () => {
            if (left === 0 || this.#broken().length === 0) return;
            left = 0;
            this.#socket.replace();
          },
          () => undefined,
        );
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
    this.#cancelReach?.();
  }
}
