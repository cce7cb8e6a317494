import type { LegView } from "../media/leg.ts";
import type { PhoneSocket } from "./socket.ts";

/** With a broken leg: the socket must answer within this, and is looked at this often. */
const PROBE_MS = 500;
const PROBE_AT_MOST_MS = 5_000;
const REPAIR_EVERY_MS = 1_000;
/**
 * Firefox says that a path is gone 20 ms after its address went, and the next address takes some
 * time to come. A socket that finds no network is tried again much later: Firefox makes it wait.
 */
const NEXT_ADDRESS_MS = 60;

/** While a leg is broken its offers need a socket that works: look every second. */
export class SocketRepair {
  readonly #socket: PhoneSocket;
  readonly #legs: () => LegView[];
  readonly #later: (ms: number, work: () => void) => () => void;
  /** Twice as long after each miss: the path may be slow, not dead. */
  #probeMs = PROBE_MS;
  #cancel: (() => void) | null = null;
  #cancelReplace: (() => void) | null = null;

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
    this.#cancel = this.#later(REPAIR_EVERY_MS, () => {
      this.#cancel = null;
      this.look(false);
    });
  }

  #replaceSoon(): void {
    this.#cancelReplace = this.#later(NEXT_ADDRESS_MS, () => {
      if (this.#broken().length > 0) this.#socket.replace();
    });
  }

  #broken(): LegView[] {
    return this.#legs().filter((leg) => leg.state === "recovering");
  }

  stop(): void {
    this.#cancel?.();
    this.#cancelReplace?.();
  }
}
