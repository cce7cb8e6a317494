import { describe, expect, it } from "vitest";
import { Sequence } from "./sequence.ts";

describe("Sequence", () => {
  it("applies the next event, and only that", () => {
    const sequence = new Sequence();
    sequence.snapshot({ epoch: "a", seq: 4 });
    expect(sequence.judge({ epoch: "a", seq: 5 })).toBe("apply");
    expect(sequence.judge({ epoch: "a", seq: 5 })).toBe("duplicate");
    expect(sequence.judge({ epoch: "a", seq: 3 })).toBe("duplicate");
    expect(sequence.judge({ epoch: "a", seq: 7 })).toBe("gap");
    expect(sequence.judge({ epoch: "a", seq: 6 })).toBe("apply");
  });

  it("calls every event of an unknown epoch a gap", () => {
    const sequence = new Sequence();
    expect(sequence.judge({ epoch: "a", seq: 1 })).toBe("gap");
    sequence.snapshot({ epoch: "a", seq: 1 });
    expect(sequence.judge({ epoch: "b", seq: 2 })).toBe("gap");
  });
});
