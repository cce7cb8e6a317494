import { describe, expect, it } from "vitest";
import { redact } from "./redact.ts";
import corpus from "./redaction.cases.json";

describe("what the gateway does as well", () => {
  it.each(corpus.cases.map((one) => [JSON.stringify(one.in), one] as const))("%s", (_, one) => {
    expect(redact(one.in, { people: true })).toEqual(one.out);
  });

  it.each(corpus.secrets_only.map((one) => [JSON.stringify(one.in), one] as const))(
    "with names: %s",
    (_, one) => {
      expect(redact(one.in, { people: false })).toEqual(one.out);
    },
  );
});

it("is done soon, whatever the text", () => {
  const began = performance.now();
  for (const piece of ["1 ", "a", "a-", "eyJ", "a://", "1:", "token", "@", "(", "gwc_"]) {
    redact(piece.repeat(50_000 / piece.length), { people: true });
  }
  expect(performance.now() - began).toBeLessThan(3_000);
});
