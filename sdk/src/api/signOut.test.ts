import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settle } from "../testing/clock.ts";
import { FakeSurroundings } from "../testing/fakePlatform.ts";
import { RestClient } from "./rest.ts";
import { Session } from "./session.ts";

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A page over the same browser and server as the others of this world. */
function page(world: FakeSurroundings): Session {
  const platform = world.platform();
  return new Session({ rest: new RestClient("", platform.fetch), ...platform });
}

async function signedOutOffline() {
  const world = new FakeSurroundings();
  const first = page(world);
  await first.signIn("a@b.c", "p");
  world.offline = true;
  await first.signOut().catch(() => undefined);
  world.requests.length = 0;
  return { world, first };
}

const paths = (world: FakeSurroundings) => world.requests.map((r) => r.path);

describe("signing out without a network", () => {
  it("holds over a reload: the server is told, and nothing is refreshed", async () => {
    const { world } = await signedOutOffline();
    world.offline = false;
    const reloaded = page(world);
    await reloaded.resume();
    expect(reloaded.state.get()).toEqual({ kind: "signed_out", why: "user" });
    expect(paths(world)).toEqual(["/auth/logout"]);
  });

  it("holds over any number of reloads until the server was told", async () => {
    const { world } = await signedOutOffline();
    await page(world).resume();
    world.offline = false;
    world.routes["POST /auth/logout"] = () => ({ status: 503 });
    await page(world).resume();
    world.routes["POST /auth/logout"] = () => ({ status: 401, body: { code: "token_refused" } });
    await page(world).resume();
    expect(paths(world)).toEqual(["/auth/logout", "/auth/logout"]);
    // Told: from now on the page looks for a session as ever.
    await page(world).resume();
    expect(paths(world).at(-1)).toBe("/auth/refresh");
  });

  it("holds in the other tabs: they do not refresh any more", async () => {
    const world = new FakeSurroundings();
    const [one, other] = [page(world), page(world)];
    await one.signIn("a@b.c", "p");
    await other.resume();
    world.offline = true;
    await one.signOut().catch(() => undefined);
    world.offline = false;
    world.requests.length = 0;
    expect(await other.renew()).toBeNull();
    expect(other.state.get()).toEqual({ kind: "signed_out", why: "user" });
    expect(paths(world)).toEqual([]);
  });

  it("ends with the next sign-in", async () => {
    const { world, first } = await signedOutOffline();
    world.offline = false;
    await first.signIn("a@b.c", "p");
    await page(world).resume();
    expect(paths(world)).toEqual(["/auth/login", "/auth/refresh"]);
  });
});

describe("signing out", () => {
  it("is done for the page before the server answers, by the token at hand", async () => {
    const world = new FakeSurroundings();
    const session = page(world);
    await session.signIn("a@b.c", "p");
    await world.clock.pass(3_600_000);
    const done = session.signOut();
    expect(session.state.get()).toEqual({ kind: "signed_out", why: "user" });
    await done;
    expect(world.requests.slice(1)).toMatchObject([
      { path: "/auth/logout", auth: "Bearer access" },
    ]);
  });

  it("is not undone by a refresh that was under way", async () => {
    const world = new FakeSurroundings();
    const session = page(world);
    await session.signIn("a@b.c", "p");
    const renewal = session.renew();
    await session.signOut();
    expect(await renewal).toBeNull();
    await settle();
    expect(session.state.get()).toEqual({ kind: "signed_out", why: "user" });
  });
});

describe("somebody else who signs in in another tab", () => {
  const token = (session_id: string) => ({
    status: 200,
    body: {
      access_token: `of ${session_id}`,
      token_type: "Bearer",
      expires_in: 600,
      session_id,
      device_id: "d",
    },
  });

  it("finds nothing of the former one on this page, and does not act for them", async () => {
    const world = new FakeSurroundings();
    world.routes["POST /auth/login"] = () => token("first");
    world.routes["POST /auth/refresh"] = () => token("first");
    const idle = page(world);
    await idle.signIn("a@b.c", "p");
    const seen: string[] = [];
    idle.state.subscribe(() => seen.push(idle.state.get().kind));
    expect(await idle.renew()).toBe("of first");
    expect(seen).not.toContain("signed_out");
    world.routes["POST /auth/refresh"] = () => token("second");
    expect(await idle.renew()).toBeNull();
    expect(seen.slice(-2)).toEqual(["signed_out", "signed_in"]);
    expect(await idle.token()).toBe("of second");
  });
});
