import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeSurroundings } from "../testing/fakePlatform.ts";
import { settle } from "../testing/clock.ts";
import type { ProblemError } from "./problem.ts";
import { RestClient } from "./rest.ts";
import { Session } from "./session.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A network that takes requests and never answers; patience ends when the test says so. */
function silentNetwork() {
  const patience = new AbortController();
  const asked = vi.spyOn(AbortSignal, "timeout").mockReturnValue(patience.signal);
  const fetch = (_path: string, init: RequestInit) => never<Response>(init.signal);
  return { patience, asked, fetch };
}

function never<T>(signal: AbortSignal | null | undefined): Promise<T> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(signal?.reason as Error);
    if (signal?.aborted) fail();
    else signal?.addEventListener("abort", fail);
  });
}

/** "waiting" while the promise is open, then how it ended. */
function watch(work: Promise<unknown>) {
  const seen = { end: "waiting" };
  work.then(
    () => (seen.end = "done"),
    (error: unknown) => (seen.end = (error as Partial<ProblemError>).code?.toString() ?? "error"),
  );
  return seen;
}

describe("a request that nobody answers", () => {
  it("ends after 8 s as offline", async () => {
    const { patience, asked, fetch } = silentNetwork();
    const request = watch(new RestClient("", fetch).call("GET /me"));
    await settle();
    expect(request.end).toBe("waiting");
    patience.abort(new DOMException("", "TimeoutError"));
    await settle();
    expect(request.end).toBe("offline");
    expect(asked).toHaveBeenCalledWith(8_000);
  });

  it("ends as well when only the body does not come", async () => {
    const { patience } = silentNetwork();
    const rest = new RestClient("", (_path, init) => {
      const text = () => never<string>(init.signal);
      return Promise.resolve(Object.assign(new Response(), { text }));
    });
    const request = watch(rest.call("GET /me"));
    patience.abort(new DOMException("", "TimeoutError"));
    await settle();
    expect(request.end).toBe("offline");
  });

  it("ends at the caller's wish too, and then as the caller's own error", async () => {
    for (const when of ["before", "during"]) {
      const { fetch } = silentNetwork();
      const wish = new AbortController();
      const reason = new Error("left the page");
      if (when === "before") wish.abort(reason);
      const request = new RestClient("", fetch).call("GET /me", { signal: wish.signal });
      const error = request.catch((e: unknown) => e);
      await settle();
      wish.abort(reason);
      expect(await error).toBe(reason);
    }
  });

  it("keeps the time also for a caller with a wish of its own", async () => {
    const { patience, fetch } = silentNetwork();
    const { signal } = new AbortController();
    const request = watch(new RestClient("", fetch).call("GET /me", { signal }));
    patience.abort(new DOMException("", "TimeoutError"));
    await settle();
    expect(request.end).toBe("offline");
  });

  it("gives the lock that all tabs refresh under back", async () => {
    const { patience, fetch } = silentNetwork();
    let held = false;
    const withLock = async <T>(_name: string, work: () => Promise<T>): Promise<T> => {
      held = true;
      return await work().finally(() => (held = false));
    };
    const platform = { ...new FakeSurroundings().platform(), withLock };
    const session = new Session({ rest: new RestClient("", fetch), ...platform });
    const renewal = watch(session.renew());
    await settle();
    expect(held).toBe(true);
    patience.abort(new DOMException("", "TimeoutError"));
    await settle();
    expect(held).toBe(false);
    expect(renewal.end).toBe("offline");
  });
});
