import { describe, expect, it } from "vitest";
import { FakeSurroundings } from "../testing/fakePlatform.ts";
import { ProblemError } from "./problem.ts";
import { RestClient } from "./rest.ts";
import { Session } from "./session.ts";

function setUp() {
  const world = new FakeSurroundings();
  const platform = world.platform();
  const rest = new RestClient("", platform.fetch);
  const session = new Session({ rest, ...platform });
  return { world, rest, session };
}

describe("RestClient", () => {
  it("turns problem+json into an error with the stable code", async () => {
    const { world, rest } = setUp();
    world.routes["GET /me"] = () => ({
      status: 429,
      body: { code: "rate_limited", title: "Slow down" },
      headers: { "retry-after": "7" },
    });
    const error = await rest.call("GET /me").catch((e: unknown) => e);
    expect((error as ProblemError).problem).toEqual({
      status: 429,
      code: "rate_limited",
      title: "Slow down",
      retry_after: 7,
    });
  });

  it("names errors that are not ours", async () => {
    const { world, rest } = setUp();
    world.routes["GET /me"] = () => ({ status: 502 });
    const error = await rest.call("GET /me").catch((e: unknown) => e);
    expect((error as ProblemError).code).toBe("server_error");
  });

  it("asks once more with a new token after 401, and only once", async () => {
    const { world, rest, session } = setUp();
    let tries = 0;
    world.routes["GET /me"] = () => {
      tries += 1;
      return tries === 1 ? { status: 401 } : { status: 200, body: { ok: 1 } };
    };
    await session.signIn("a@b.c", "p");
    expect(await rest.call("GET /me", {}, session)).toEqual({ ok: 1 });
    world.routes["GET /me"] = () => ({ status: 401, body: { code: "no" } });
    await rest.call("GET /me", {}, session).catch(() => undefined);
    expect(world.requests.filter((r) => r.path === "/me")).toHaveLength(4);
  });

  it("learns how far the server's clock is from ours", async () => {
    const { world, rest } = setUp();
    const date = new Date(Date.now() + 120_000).toUTCString();
    world.routes["GET /me"] = () => ({ status: 200, body: {}, headers: { date } });
    await rest.call("GET /me");
    expect(Math.abs(rest.clockSkewMs - 120_000)).toBeLessThan(2_000);
  });
});

describe("Session", () => {
  it("keeps the access token in memory until shortly before its end", async () => {
    const { world, session } = setUp();
    await session.signIn("a@b.c", "p");
    await world.clock.pass(569_000);
    expect(await session.token()).toBe("access");
    expect(world.requests.filter((r) => r.path === "/auth/refresh")).toHaveLength(0);
    await world.clock.pass(2_000);
    await session.token();
    expect(world.requests.filter((r) => r.path === "/auth/refresh")).toHaveLength(1);
  });

  it("refreshes once for many who ask, and names its device", async () => {
    const { world, session } = setUp();
    await session.signIn("a@b.c", "p");
    await Promise.all([session.renew(), session.renew(), session.renew()]);
    const refreshes = world.requests.filter((r) => r.path === "/auth/refresh");
    expect(refreshes.map((r) => r.body)).toEqual([{ device_id: "device-1" }]);
  });

  it("is over for the page even if signing out cannot be told", async () => {
    const { world, session } = setUp();
    await session.signIn("a@b.c", "p");
    world.offline = true;
    await session.signOut().catch(() => undefined);
    expect(session.state.get()).toEqual({ kind: "signed_out", why: "user" });
  });

  it("leaves a wrong password to the form", async () => {
    const { world, session } = setUp();
    world.routes["POST /auth/login"] = () => ({ status: 401, body: { code: "bad_credentials" } });
    const error = await session.signIn("a@b.c", "p").catch((e: unknown) => e);
    expect((error as ProblemError).code).toBe("bad_credentials");
    expect(session.state.get().kind).toBe("unknown");
  });
});
