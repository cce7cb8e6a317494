/** The few counters that the watchdog and the estimator need, out of a getStats() report. */
export interface Sample {
  at: number;
  /** Inbound RTP packets; null before the first. */
  packets: number | null;
  lost: number;
  jitterMs: number | null;
  /** Answers to our connectivity checks: proof of a path that does not depend on speech. */
  pathReplies: number | null;
  rttMs: number | null;
  /** Loss of what we send, as the far end reports it. */
  uplinkLoss: number | null;
}

type Stat = Record<string, unknown>;

export function readStats(report: Iterable<unknown>, at: number): Sample {
  const sample: Sample = {
    at,
    packets: null,
    lost: 0,
    jitterMs: null,
    pathReplies: null,
    rttMs: null,
    uplinkLoss: null,
  };
  for (const entry of report) {
    const stat = (Array.isArray(entry) ? (entry as unknown[])[1] : entry) as Stat;
    if (stat["type"] === "inbound-rtp" && stat["kind"] === "audio") inbound(sample, stat);
    if (stat["type"] === "remote-inbound-rtp") uplink(sample, stat);
    if (stat["type"] === "candidate-pair") pair(sample, stat);
  }
  return sample;
}

function inbound(sample: Sample, stat: Stat): void {
  sample.packets = (sample.packets ?? 0) + (number(stat["packetsReceived"]) ?? 0);
  sample.lost += Math.max(0, number(stat["packetsLost"]) ?? 0);
  const jitter = number(stat["jitter"]);
  if (jitter !== null) sample.jitterMs = Math.max(sample.jitterMs ?? 0, jitter * 1000);
}

function uplink(sample: Sample, stat: Stat): void {
  sample.uplinkLoss = number(stat["fractionLost"]);
  const rtt = number(stat["roundTripTime"]);
  if (rtt !== null) sample.rttMs = rtt * 1000;
}

function pair(sample: Sample, stat: Stat): void {
  const replies = number(stat["responsesReceived"]);
  if (replies !== null) sample.pathReplies = (sample.pathReplies ?? 0) + replies;
  const rtt = number(stat["currentRoundTripTime"]);
  if (stat["nominated"] === true && rtt !== null) sample.rttMs ??= rtt * 1000;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
