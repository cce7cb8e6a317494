import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { arrivedSignedIn, companySignInUrl } from "../browser/device.ts";
import { FakeSurroundings } from "../testing/fakePlatform.ts";
import { RestClient } from "./rest.ts";
import { Session } from "./session.ts";

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function page(world: FakeSurroundings, arrived: boolean): Session {
  const platform = { ...world.platform(), arrived: () => arrived };
  return new Session({ rest: new RestClient("", platform.fetch), ...platform });
}

it("who comes from the company's sign-in is signed in, whatever was before", async () => {
  const world = new FakeSurroundings();
  const before = page(world, false);
  await before.signIn("a@b.c", "p");
  world.offline = true;
  await before.signOut().catch(() => undefined);
  world.offline = false;
  world.requests.length = 0;
  const reached = page(world, true);
  await reached.resume();
  expect(reached.state.get()).toEqual({ kind: "signed_in" });
  expect(world.requests.map((r) => r.path)).toEqual(["/auth/refresh"]);
});

it("the mark leaves the address bar at once and counts for this page", () => {
  const replaceState = vi.fn();
  vi.stubGlobal("history", { replaceState });
  vi.stubGlobal("location", { hash: "", pathname: "/admin/", search: "?a=1" });
  expect(arrivedSignedIn()).toBe(false);
  vi.stubGlobal("location", { hash: "#signed_in", pathname: "/admin/", search: "?a=1" });
  expect(arrivedSignedIn()).toBe(true);
  expect(replaceState).toHaveBeenCalledWith(null, "", "/admin/?a=1");
  vi.stubGlobal("location", { hash: "", pathname: "/admin/", search: "?a=1" });
  expect(arrivedSignedIn()).toBe(true);
});

it("the browser stays the device that it was", () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("navigator", { userAgent: "X Firefox/1 Linux" });
  kept.set("offhook.device", "device-7");
  const url = new URL(companySignInUrl("https://phone.test/start", "app", "ä@b.c"));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    to: "app",
    email: "ä@b.c",
    device_name: "Firefox, Linux",
    device: "device-7",
  });
  const again = new URL(companySignInUrl("https://phone.test/start", "admin", "", true));
  expect(again.searchParams.get("fresh")).toBe("true");
});

it("a page follows its user into the session of a new sign-in, and nobody else's", async () => {
  const world = new FakeSurroundings();
  const here = page(world, false);
  await here.signIn("a@b.c", "p");
  const seen: string[] = [];
  here.state.subscribe(() => seen.push(here.state.get().kind));
  let user = "u-1";
  world.routes["POST /auth/refresh"] = () => ({
    status: 200,
    body: { access_token: "new", expires_in: 600, device_id: "d", session_id: "s-2" },
  });
  world.routes["GET /me"] = () => ({ status: 200, body: { user: { id: user } } });

  expect(await here.follow("u-1")).toBe(true);
  expect(await here.token()).toBe("new");
  // What is known of one session does not throw the other one away.
  expect(await here.renew()).toBe("new");
  expect(seen).not.toContain("signed_out");

  user = "u-9";
  expect(await here.follow("u-1")).toBe(false);
  expect(seen).toContain("signed_out");
  expect(here.state.get()).toEqual({ kind: "signed_in" });
});
