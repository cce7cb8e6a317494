import { ProblemError } from "@offhook/sdk";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { answer, fresh, stepUp } from "./stepUp.ts";

let proven = false;

function work(done: string): Promise<string> {
  if (proven) return Promise.resolve(done);
  const problem = { type: "", title: "", status: 403, code: "step_up_required" };
  return Promise.reject(new ProblemError(problem, { methods: ["password"] }));
}

describe("a fresh proof", () => {
  beforeEach(() => {
    proven = false;
  });

  it("is asked for once, however many acts wait for it", async () => {
    const acts = [fresh(() => work("one")), fresh(() => work("two"))];
    await vi.waitFor(() => expect(stepUp.get()?.waiting).toHaveLength(2));
    proven = true;
    answer(true);
    expect(await Promise.all(acts)).toEqual(["one", "two"]);
    expect(stepUp.get()).toBeNull();
  });

  it("that nobody gives ends all of them", async () => {
    const acts = [fresh(() => work("one")), fresh(() => work("two"))];
    await vi.waitFor(() => expect(stepUp.get()?.waiting).toHaveLength(2));
    answer(false);
    const ends = await Promise.allSettled(acts);
    expect(ends.map((end) => end.status)).toEqual(["rejected", "rejected"]);
  });

  it("that the company's provider alone can ask for says where", async () => {
    const sign_on = "/api/v1/auth/sso/1.2/start";
    const problem = { type: "", title: "", status: 403, code: "step_up_required" };
    const act = fresh(() => Promise.reject(new ProblemError(problem, { methods: [], sign_on })));
    await vi.waitFor(() => expect(stepUp.get()).toMatchObject({ methods: [], signOn: sign_on }));
    answer(false);
    await expect(act).rejects.toThrow();
  });
});
