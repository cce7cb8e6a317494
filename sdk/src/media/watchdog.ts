import type { Sample } from "./stats.ts";

export type InboundState = "flowing" | "silent" | "never";

const SILENT_AFTER_MS = 700;

/** Watches whether packets still come in. Browsers tell of a dead path 5 to 17 s too late. */
export class InboundWatch {
  #packets: number | null = null;
  #replies: number | null = null;
  #packetAt: number | null = null;
  #replyAt: number | null = null;

  feed(sample: Sample): InboundState {
    // A counter that went down belongs to a new stream: it moved as well.
    if (sample.packets !== null && sample.packets > 0 && sample.packets !== this.#packets) {
      this.#packets = sample.packets;
      this.#packetAt = sample.at;
    }
    if (sample.pathReplies !== null && sample.pathReplies !== this.#replies) {
      this.#replies = sample.pathReplies;
      this.#replyAt = sample.at;
    }
    if (this.#packetAt === null) return "never";
    return sample.at - this.#packetAt >= SILENT_AFTER_MS ? "silent" : "flowing";
  }

  packetSince(time: number): boolean {
    return this.#packetAt !== null && this.#packetAt > time;
  }

  /** The path answers although no audio comes: then the far side is silent, not our network. */
  pathAliveSince(time: number): boolean {
    return this.#replyAt !== null && this.#replyAt > time;
  }

  reset(): void {
    this.#packets = null;
    this.#replies = null;
    this.#packetAt = null;
    this.#replyAt = null;
  }
}
