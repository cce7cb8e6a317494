import { describe, expect, it } from "vitest";
import { endOf } from "./ends.ts";

describe("the end of a status", () => {
  it("counts from now", () => {
    const now = new Date(2026, 10, 21, 23, 45);
    expect(endOf("30min", now)).toBe(new Date(2026, 10, 22, 0, 15).toISOString());
    expect(endOf("1h", now)).toBe(new Date(2026, 10, 22, 0, 45).toISOString());
    expect(endOf("never", now)).toBeNull();
  });

  it("takes the morning that comes for tomorrow", () => {
    const morning = new Date(2026, 10, 22, 8, 0).toISOString();
    expect(endOf("tomorrow", new Date(2026, 10, 21, 17, 0))).toBe(morning);
    expect(endOf("tomorrow", new Date(2026, 10, 22, 1, 30))).toBe(morning);
    expect(endOf("tomorrow", new Date(2026, 10, 30, 9, 0))).toBe(
      new Date(2026, 11, 1, 8, 0).toISOString(),
    );
  });
});
