import type { Stamp } from "../api/types.ts";

export type Verdict = "apply" | "duplicate" | "gap";

/**
 * Places events in the stream. There is no event log on the server: after a gap or in a new epoch
 * only a snapshot helps, and events go on from its place.
 */
export class Sequence {
  #at: Stamp | null = null;

  get position(): Stamp | null {
    return this.#at;
  }

  snapshot(stamp: Stamp): void {
    this.#at = { epoch: stamp.epoch, seq: stamp.seq };
  }

  judge(stamp: Stamp): Verdict {
    if (this.#at?.epoch !== stamp.epoch) return "gap";
    if (stamp.seq <= this.#at.seq) return "duplicate";
    if (stamp.seq > this.#at.seq + 1) return "gap";
    this.#at = { epoch: stamp.epoch, seq: stamp.seq };
    return "apply";
  }

  reset(): void {
    this.#at = null;
  }
}
