import { describe, expect, it } from "vitest";
import { settle } from "./testing/clock.ts";
import type { FakeSurroundings } from "./testing/fakePlatform.ts";
import { code, keepsTheCall, signedIn, talking } from "./testing/signedIn.ts";

describe("the socket of a broken leg", () => {
  it("gets the time that opening takes over a slow path", async () => {
    const { world } = await talking();
    keepsTheCall(world);
    world.socket.reachable = false;
    const before = world.socket.connects;
    world.peer.ice("disconnected");
    await world.clock.pass(4_000);
    expect(world.socket.connects).toBe(before + 1);
    await world.clock.pass(2_000);
    expect(world.socket.connects).toBe(before + 2);
  });

  it("is replaced as soon as the gateway can be reached, and once", async () => {
    const { world } = await talking();
    keepsTheCall(world);
    const before = world.socket.connects;
    world.offline = true;
    world.socket.reachable = false;
    world.peer.ice("disconnected");
    await world.clock.pass(400);
    expect(world.socket.connects).toBe(before);
    world.offline = false;
    await world.clock.pass(60);
    expect(world.socket.connects).toBe(before + 1);
    await world.clock.pass(500);
    expect(world.socket.connects).toBe(before + 1);
  });

  it.each([
    [100, 200],
    [250, 600],
    [500, 1_300],
  ])("is replaced over a path of %i ms before %i ms, and once", async (roundTripMs, by) => {
    const { world } = await talking();
    keepsTheCall(world);
    // The socket itself never answers: without the search it would be replaced after 1.5 s.
    world.socket.reply = (event) => (event === "ping" ? null : { ok: true });
    world.socket.reachable = false;
    const before = world.socket.connects;
    world.roundTripMs = roundTripMs;
    world.peer.ice("disconnected");
    await world.clock.pass(by);
    expect(world.socket.connects).toBe(before + 1);
    await world.clock.pass(3_000 - by);
    expect(world.socket.connects).toBe(before + 1);
  });

  it("follows an answer that comes after the last question", async () => {
    const { world } = await talking();
    keepsTheCall(world);
    world.socket.reply = (event) => (event === "ping" ? null : { ok: true });
    world.socket.reachable = false;
    const before = world.socket.connects;
    world.offline = true;
    world.roundTripMs = 120;
    world.peer.ice("disconnected");
    await world.clock.pass(920);
    world.offline = false;
    await world.clock.pass(200);
    expect(world.socket.connects).toBe(before + 1);
  });

  it("is left alone when the path comes back by itself", async () => {
    const { world } = await talking();
    keepsTheCall(world);
    const before = world.socket.connects;
    world.peer.ice("disconnected");
    await world.clock.pass(30);
    world.peer.connect();
    await world.clock.pass(500);
    expect(world.socket.connects).toBe(before);
  });

  it("is given twice the time after each miss, until the leg is whole again", async () => {
    const { world } = await talking();
    keepsTheCall(world);
    const probes = () => world.socket.sent.filter((s) => s.event === "ping").map((s) => s.within);
    world.socket.reply = (event) => (event === "ping" ? null : { ok: true });
    world.peer.ice("disconnected");
    await world.clock.pass(3_000);
    expect(probes()).toEqual([500, 1_000, 2_000]);
    world.peer.connect();
    await world.clock.pass(1_000);
    world.peer.ice("disconnected");
    await world.clock.pass(1_000);
    expect(probes()).toEqual([500, 1_000, 2_000, 500]);
  });
});

describe("credentials of the relay", () => {
  const late = () => {
    let arrive: () => void = () => undefined;
    const after = new Promise<void>((resolve) => (arrive = resolve));
    const prepare = (world: FakeSurroundings) => {
      const route = world.routes["POST /turn-credentials"]!;
      world.routes["POST /turn-credentials"] = (body) => ({ ...route(body), after });
    };
    return { prepare, arrive: () => arrive() };
  };

  it("that come late reach a leg that is on its way, behind its first answer", async () => {
    const { prepare, arrive } = late();
    const { world, phone } = await signedIn(prepare);
    await phone.dial("102");
    await settle();
    expect(world.peer.config.iceServers).toEqual([]);
    arrive();
    await settle();
    expect(world.peer.config.iceServers).toMatchObject([{ username: "u" }]);
    expect(world.peer.restarts).toBe(1);
    const offers = () => world.socket.commands("media.offer");
    expect(offers()).toHaveLength(1);
    const generation = offers()[0]?.["generation"] as number;
    world.socket.serve("media.answer", { call_id: "call-1", sdp: "a", generation });
    await settle();
    expect(offers()).toHaveLength(2);
    expect(world.peers).toHaveLength(1);
  });

  it("leave a leg alone that is up", async () => {
    const { prepare, arrive } = late();
    const { world } = await talking(prepare);
    arrive();
    await settle();
    expect(world.peer.restarts).toBe(0);
    expect(world.socket.commands("media.offer")).toHaveLength(1);
  });

  it("are asked for when the connection is back and when the machine wakes", async () => {
    const { world } = await signedIn((w) => {
      w.routes["POST /turn-credentials"] = () => ({ status: 503, body: { code: "restarting" } });
    });
    const asked = () => world.requests.filter((r) => r.path === "/turn-credentials").length;
    await world.clock.pass(10_000);
    const before = asked();
    world.socket.drop();
    world.socket.connect();
    await settle();
    expect(asked()).toBe(before + 1);
    await world.clock.pass(20_000);
    world.socket.reachable = false; // its return would ask as well
    const asleep = asked();
    world.wake();
    await settle();
    expect(asked()).toBe(asleep + 1);
  });
});

describe("a connection that the browser cannot make", () => {
  it("leaves no desk phone ringing", async () => {
    const { world, phone } = await signedIn();
    world.peerError = new TypeError("not a function");
    await code(phone.dial("102"));
    await settle();
    expect(world.socket.commands("hang_up")).toMatchObject([{ call_id: "call-1" }]);
    expect(phone.legs.views.get()).toEqual({});
  });

  it("leaves a call unanswered that nobody could talk in", async () => {
    const { world, phone, ring } = await signedIn();
    ring();
    await settle();
    phone.legs.close("in-1");
    world.peerError = new TypeError("not a function");
    await code(phone.answer("in-1"));
    expect(world.socket.commands("answer")).toEqual([]);
    expect(phone.legs.has("in-1")).toBe(false);
  });
});
