import { describe, expect, it } from "vitest";
import { faultsOf } from "./imports/imports.ts";
import { instantOf, fieldOf } from "./announcements/times.ts";
import { differences } from "./audit/differences.ts";
import { groupsOf, groupsText } from "./sign-in-rules/groups.ts";
import { firstBroken, type Layer } from "./sites/connector.ts";
import { rangesOf } from "./sites/SiteSheet.tsx";

describe("what forms hold as text", () => {
  it("is ranges of extensions", () => {
    expect(rangesOf("100-299, 400 ,")).toEqual([
      ["100", "299"],
      ["400", "400"],
    ]);
  });

  it("is groups and their roles; what is no role is left out", () => {
    const groups = groupsOf("CN=a=b = admin\nnobody = king\n = user");
    expect(groups).toEqual({ "CN=a=b": "admin" });
    expect(groupsOf(groupsText(groups))).toEqual(groups);
  });

  it("is a local time, to the minute, and back", () => {
    expect(instantOf("")).toBeNull();
    expect(instantOf("nonsense")).toBeNull();
    const at = "2026-07-01T10:30:00.000Z";
    expect(instantOf(fieldOf(at))).toBe(at);
  });
});

describe("what the server says", () => {
  it("of a change: only what differs, and nothing of nothing", () => {
    expect(differences({ a: 1, b: "x" }, { a: 1, b: null, c: [2] })).toEqual([
      { name: "b", before: "x", after: "–" },
      { name: "c", before: "", after: "2" },
    ]);
    expect(differences(null, null)).toEqual([]);
  });

  it("of a file: faults with and without a row", () => {
    expect(faultsOf({ rows: [{ row: 1, column: "a", reason: "r" }, { reason: "s" }, 7] })).toEqual([
      { row: 1, column: "a", reason: "r" },
      { row: null, column: null, reason: "s" },
    ]);
    expect(faultsOf({})).toEqual([]);
  });

  it("of layers: the first that is broken", () => {
    const layers = ["working", "weak", "refused", "down"].map(
      (state, index) => ({ layer: ["network", "tls", "key", "audio"][index], state }) as Layer,
    );
    expect(firstBroken(layers)).toBe("key");
    expect(firstBroken(layers.slice(0, 2))).toBeNull();
  });
});
