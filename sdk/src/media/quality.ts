import type { Sample } from "./stats.ts";

/** `no_data` is its own answer: a line that nobody measured is never shown as good. */
export type Quality = "no_data" | "good" | "weak";

const LOSS_LIMIT = 0.02;
const JITTER_LIMIT_MS = 30;
const WEAK_AFTER_MS = 5_000;
const GOOD_AFTER_MS = 10_000;

/** Turns counters into one word, slow enough not to flicker. */
export class QualityEstimator {
  #previous: Sample | null = null;
  #badSince: number | null = null;
  #goodSince: number | null = null;
  #quality: Quality = "no_data";

  get quality(): Quality {
    return this.#quality;
  }

  feed(sample: Sample): Quality {
    const previous = this.#previous;
    this.#previous = sample;
    const bad = previous ? judge(previous, sample) : null;
    if (bad === null) {
      this.#badSince = null;
      this.#goodSince = null;
      this.#quality = "no_data";
      return this.#quality;
    }
    if (bad) {
      this.#badSince ??= sample.at;
      this.#goodSince = null;
      if (sample.at - this.#badSince >= WEAK_AFTER_MS) this.#quality = "weak";
    } else {
      this.#goodSince ??= sample.at;
      this.#badSince = null;
      if (this.#quality === "weak" && sample.at - this.#goodSince < GOOD_AFTER_MS) return "weak";
      this.#quality = "good";
    }
    return this.#quality;
  }

  reset(): void {
    this.#previous = null;
    this.#badSince = null;
    this.#goodSince = null;
    this.#quality = "no_data";
  }
}

/** Null when the interval carried no packet: silence says nothing about the line. */
function judge(before: Sample, now: Sample): boolean | null {
  if (before.packets === null || now.packets === null) return null;
  const received = now.packets - before.packets;
  if (received <= 0) return null;
  const lost = Math.max(0, now.lost - before.lost);
  const loss = lost / (lost + received);
  const worst = Math.max(loss, now.uplinkLoss ?? 0);
  return worst > LOSS_LIMIT || (now.jitterMs ?? 0) > JITTER_LIMIT_MS;
}
