import type { LegView } from "../media/leg.ts";
import type { PhoneSocket } from "./socket.ts";

/** With a broken leg: the socket must answer within this, and is looked at this often. */
const PROBE_MS = 500;
const PROBE_AT_MOST_MS = 5_000;
const REPAIR_EVERY_MS = 1_000;

/** While a leg is broken its offers need a socket that works: look every second. */
export class SocketRepair {
  readonly #socket: PhoneSocket;
  readonly #legs: () => LegView[];
  readonly #later: (ms: number, work: () => void) => () => void;
  /** Twice as long after each miss: the path may be slow, not dead. */
  #probeMs = PROBE_MS;
  #cancel: (() => void) | null = null;

  constructor(
    socket: PhoneSocket,
    legs: () => LegView[],
    later: (ms: number, work: () => void) => () => void,
  ) {
    this.#socket = socket;
    this.#legs = legs;
    this.#later = later;
  }

  look(first = true): void {
    const broken = this.#legs().filter((leg) => leg.state === "recovering");
    if (broken.length === 0) this.#probeMs = PROBE_MS;
    if (broken.length === 0 || this.#cancel) return;
    // Firefox says so 20 ms after its address went: then no answer can come, so do not wait.
    const pathGone = broken.some((leg) => leg.trouble === "ice_disconnected");
    if (first && pathGone) this.#socket.replace();
    else {
      this.#socket.probe(this.#probeMs, () => {
        this.#probeMs = Math.min(this.#probeMs * 2, PROBE_AT_MOST_MS);
      });
    }
    this.#cancel = this.#later(REPAIR_EVERY_MS, () => {
      this.#cancel = null;
      this.look(false);
    });
  }

  stop(): void {
    this.#cancel?.();
  }
}
