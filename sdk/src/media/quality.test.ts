import { describe, expect, it } from "vitest";
import { preferredCodecs } from "./codecs.ts";
import { QualityEstimator } from "./quality.ts";
import { readStats, type Sample } from "./stats.ts";
import { InboundWatch } from "./watchdog.ts";

function sample(at: number, packets: number | null, change: Partial<Sample> = {}): Sample {
  return {
    at,
    packets,
    lost: 0,
    jitterMs: 3,
    pathReplies: null,
    rttMs: null,
    uplinkLoss: null,
    ...change,
  };
}

describe("QualityEstimator", () => {
  it("knows nothing before two measurements with packets between them", () => {
    const estimator = new QualityEstimator();
    expect(estimator.quality).toBe("no_data");
    expect(estimator.feed(sample(0, null))).toBe("no_data");
    expect(estimator.feed(sample(1000, 0))).toBe("no_data");
    expect(estimator.feed(sample(2000, 50))).toBe("good");
  });

  it("never calls a silent line good", () => {
    const estimator = new QualityEstimator();
    estimator.feed(sample(0, 0));
    expect(estimator.feed(sample(1000, 50))).toBe("good");
    expect(estimator.feed(sample(2000, 50))).toBe("no_data");
  });

  it("calls a line weak after 5 s of loss and good again after 10 s without", () => {
    const estimator = new QualityEstimator();
    let packets = 0;
    let lost = 0;
    let at = 0;
    const second = (loss: number) => {
      packets += 50 - loss;
      lost += loss;
      at += 1000;
      return estimator.feed(sample(at, packets, { lost }));
    };
    second(0);
    expect(second(0)).toBe("good");
    const during = [1, 2, 3, 4, 5, 6].map(() => second(3));
    expect(during).toEqual(["good", "good", "good", "good", "good", "weak"]);
    const after = Array.from({ length: 11 }, () => second(0));
    expect(after.slice(0, 10)).toEqual(Array(10).fill("weak"));
    expect(after[10]).toBe("good");
  });

  it.each([
    ["jitter", { jitterMs: 60 }],
    ["loss of what we send", { uplinkLoss: 0.1 }],
  ])("looks at %s as well", (_what, change) => {
    const estimator = new QualityEstimator();
    let last = "";
    for (let s = 0; s <= 7; s += 1) last = estimator.feed(sample(s * 1000, s * 50, change));
    expect(last).toBe("weak");
  });
});

describe("InboundWatch", () => {
  it("tells silence from never having heard anything", () => {
    const watch = new InboundWatch();
    expect(watch.feed(sample(0, null))).toBe("never");
    expect(watch.feed(sample(9000, 0))).toBe("never");
    expect(watch.feed(sample(10_000, 10))).toBe("flowing");
    expect(watch.feed(sample(10_600, 10))).toBe("flowing");
    expect(watch.feed(sample(10_700, 10))).toBe("silent");
    expect(watch.feed(sample(13_000, 20))).toBe("flowing");
    expect(watch.packetSince(12_000)).toBe(true);
    expect(watch.packetSince(13_000)).toBe(false);
  });

  it("sees that the path answers although no audio comes", () => {
    const watch = new InboundWatch();
    watch.feed(sample(0, 5, { pathReplies: 1 }));
    watch.feed(sample(3000, 5, { pathReplies: 1 }));
    expect(watch.pathAliveSince(1000)).toBe(false);
    watch.feed(sample(4000, 5, { pathReplies: 2 }));
    expect(watch.pathAliveSince(1000)).toBe(true);
  });
});

describe("readStats", () => {
  it("takes what it needs from a report, whatever else is in it", () => {
    const read = readStats(
      [
        { type: "inbound-rtp", kind: "audio", packetsReceived: 10, packetsLost: 1, jitter: 0.004 },
        { type: "inbound-rtp", kind: "video", packetsReceived: 99 },
        { type: "remote-inbound-rtp", fractionLost: 0.5, roundTripTime: 0.02 },
        { type: "candidate-pair", nominated: true, responsesReceived: 3 },
        { type: "codec" },
      ],
      7,
    );
    expect(read).toEqual({
      at: 7,
      packets: 10,
      lost: 1,
      jitterMs: 4,
      pathReplies: 3,
      rttMs: 20,
      uplinkLoss: 0.5,
    });
  });

  it("is not misled by absent or odd figures", () => {
    const read = readStats([{ type: "inbound-rtp", kind: "audio", packetsLost: -3 }], 0);
    expect(read).toMatchObject({ packets: 0, lost: 0, jitterMs: null });
  });
});

describe("preferredCodecs", () => {
  it("offers G.711 and digits on the codec's own clock, nothing else", () => {
    const codecs = [
      { mimeType: "audio/opus", clockRate: 48_000 },
      { mimeType: "audio/telephone-event", clockRate: 48_000 },
      { mimeType: "audio/telephone-event", clockRate: 8_000 },
      { mimeType: "audio/PCMU", clockRate: 8_000 },
      { mimeType: "audio/PCMA", clockRate: 8_000 },
      { mimeType: "audio/CN", clockRate: 8_000 },
    ];
    expect(preferredCodecs(codecs).map((c) => `${c.mimeType}/${c.clockRate}`)).toEqual([
      "audio/PCMA/8000",
      "audio/PCMU/8000",
      "audio/telephone-event/8000",
    ]);
  });
});
