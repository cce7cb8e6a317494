import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../api/types.ts";
import { aCall, aSnapshot } from "../testing/fakePlatform.ts";
import { type CallsState, dismissEnded, emptyCalls, expireRings, reduceCalls } from "./state.ts";

const ringing = aCall({ id: "in-1", direction: "in", phase: "ringing_in" });

function ring(state: CallsState = emptyCalls, now = 0): CallsState {
  return reduceCalls(
    state,
    "ring.offer",
    { call: ringing, lease_ms: 6000, auto_answer_ms: null },
    now,
  );
}

describe("calls", () => {
  it("replaces what it knows by a snapshot", () => {
    let state = reduceCalls(emptyCalls, "call.created", { call: aCall() }, 0);
    state = reduceCalls(state, "snapshot", aSnapshot({ calls: [aCall({ id: "b" })] }), 5);
    expect(state.known).toBe(true);
    expect(state.calls.map((c) => c.id)).toEqual(["b"]);
    expect(state.ended.map((e) => [e.call.id, e.call.phase, e.at])).toEqual([
      ["call-1", "ended", 5],
    ]);
    expect(state.deviceId).toBe("device-1");
  });

  it("follows a call to its end and remembers how it ended", () => {
    let state = reduceCalls(emptyCalls, "call.created", { call: aCall() }, 0);
    state = reduceCalls(state, "call.updated", { call: aCall({ phase: "ringing_out" }) }, 1);
    expect(state.calls[0]?.phase).toBe("ringing_out");
    state = reduceCalls(
      state,
      "call.ended",
      { call: aCall({ phase: "ended", reason: "busy" }) },
      2,
    );
    expect(state.calls).toEqual([]);
    expect(state.ended[0]?.call.reason).toBe("busy");
    expect(dismissEnded(state, "call-1").ended).toEqual([]);
  });

  it("takes an update to phase ended as the end", () => {
    let state = reduceCalls(emptyCalls, "call.created", { call: aCall() }, 0);
    state = reduceCalls(state, "call.updated", { call: aCall({ phase: "ended" }) }, 1);
    expect(state.calls).toEqual([]);
    expect(state.ended).toHaveLength(1);
  });

  it("keeps only the last few endings, one per call", () => {
    let state = emptyCalls;
    for (let i = 0; i < 9; i += 1) {
      const call = aCall({ id: `c${i % 7}`, phase: "ended" });
      state = reduceCalls(state, "call.ended", { call }, i);
    }
    expect(state.ended.map((e) => e.call.id)).toEqual(["c1", "c0", "c6", "c5", "c4"]);
  });

  it("ignores events of a newer server", () => {
    const state = reduceCalls(emptyCalls, "of.the.future" as "call.ended", { call: aCall() }, 0);
    expect(state).toBe(emptyCalls);
  });
});

describe("rings", () => {
  it("are leases: without renewal they fall silent, the call stays", () => {
    const state = ring();
    expect(expireRings(state, 5999)).toBe(state);
    const silent = expireRings(state, 6000);
    expect(silent.rings).toEqual({});
    expect(silent.calls).toHaveLength(1);
  });

  it("are prolonged by renewal, also after they fell silent", () => {
    const renewed = reduceCalls(ring(), "ring.renew", { call_id: "in-1" }, 2000);
    expect(renewed.rings["in-1"]?.until).toBe(8000);
    const silent = expireRings(renewed, 9000);
    const again = reduceCalls(silent, "ring.renew", { call_id: "in-1" }, 9500);
    expect(again.rings["in-1"]?.until).toBe(15_500);
  });

  it("do not come back by a late renewal after the answer or for an unknown call", () => {
    const answered = reduceCalls(
      ring(),
      "call.updated",
      { call: { ...ringing, phase: "connected" } },
      1,
    );
    expect(answered.rings).toEqual({});
    expect(reduceCalls(answered, "ring.renew", { call_id: "in-1" }, 2)).toBe(answered);
    expect(reduceCalls(emptyCalls, "ring.renew", { call_id: "in-1" }, 2)).toBe(emptyCalls);
  });

  it("stop, and tell who took the call", () => {
    let state = ring();
    const gone = { ...ringing, phase: "ended" as const, reason: "answered_elsewhere" as const };
    state = reduceCalls(state, "call.ended", { call: gone }, 1);
    state = reduceCalls(
      state,
      "ring.stop",
      { call_id: "in-1", reason: "answered_elsewhere", by: "desk phone" },
      1,
    );
    expect(state.rings).toEqual({});
    expect(state.ended[0]?.by).toBe("desk phone");
  });

  it("of a call that a snapshot no longer has are gone", () => {
    expect(reduceCalls(ring(), "snapshot", aSnapshot(), 1).rings).toEqual({});
    const kept = reduceCalls(ring(), "snapshot", aSnapshot({ calls: [ringing] }), 1);
    expect(Object.keys(kept.rings)).toEqual(["in-1"]);
  });
});

describe("counters", () => {
  it("take the server's count of unread entries", () => {
    const entry = { id: "e1" } as JournalEntry;
    let state = reduceCalls(emptyCalls, "journal.added", { entry, unread: 3 }, 0);
    expect(state.unread).toBe(3);
    state = reduceCalls(state, "journal.changed", { entry, unread: 2 }, 0);
    expect(state.unread).toBe(2);
    state = reduceCalls(state, "journal.removed", { id: null, unread: 0 }, 0);
    expect([state.unread, state.journalVersion]).toEqual([0, 3]);
  });

  it("keep an unknown lamp unknown", () => {
    expect(reduceCalls(emptyCalls, "snapshot", aSnapshot(), 0).mwi).toBeNull();
    const mwi = { waiting: true, new: 2, old: 1 };
    const state = reduceCalls(emptyCalls, "snapshot", aSnapshot({ mwi }), 0);
    expect(state.mwi).toEqual(mwi);
    const off = { waiting: false, new: null, old: null };
    expect(reduceCalls(state, "mwi.changed", { mwi: off }, 0).mwi).toEqual(off);
    expect(reduceCalls(state, "mwi.changed", { mwi: null }, 0).mwi).toBeNull();
  });
});
