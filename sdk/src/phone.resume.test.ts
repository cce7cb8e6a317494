import { describe, expect, it } from "vitest";
import { Phone } from "./phone.ts";
import { settle } from "./testing/clock.ts";
import { aCall, aSnapshot, FakeSurroundings } from "./testing/fakePlatform.ts";
import { signedIn, talking } from "./testing/signedIn.ts";

const CALL = aCall({ phase: "connected", actions: ["hang_up", "mute"] });

/** A page that is loaded again in the middle of a call; the server lets it in and says no more yet. */
async function reloaded(prepare: (world: FakeSurroundings) => void = () => undefined) {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  world.remembered = ["call-1"];
  prepare(world);
  const phone = new Phone(world.platform());
  const started = phone.start().catch(() => undefined);
  await settle();
  const snapshot = async (change: Partial<typeof CALL> = {}) => {
    world.socket.serve("snapshot", aSnapshot({ calls: [{ ...CALL, ...change }] }));
    await settle();
  };
  const offers = () => world.socket.commands("media.offer");
  return { world, phone, started, snapshot, offers };
}

describe("a page loaded again during a call", () => {
  it("opens socket and microphone and makes its offer beside the renewal of the token", async () => {
    let renewed: () => void = () => undefined;
    const { world, started } = await reloaded((w) => {
      const after = new Promise<void>((resolve) => (renewed = resolve));
      const body = { access_token: "access", expires_in: 600, device_id: "device-1" };
      w.routes["POST /auth/refresh"] = () => ({ status: 200, body, after });
    });
    expect(world.socket.connects).toBe(1);
    expect(world.peer.offers).toBe(1);
    expect(world.tracks).toHaveLength(1);
    renewed();
    await started;
    expect(world.socket.connects).toBe(1);
  });

  it("offers before the snapshot is here, once", async () => {
    const { phone, snapshot, offers } = await reloaded();
    expect(offers()).toMatchObject([{ call_id: "call-1" }]);
    await snapshot();
    expect(phone.link.get()).toBe("online");
    expect(offers()).toHaveLength(1);
    expect(phone.legs.views.get()["call-1"]?.sending).toBe(true);
  });

  it.each([
    [{ muted: false }, true],
    [{ muted: true }, false],
    [{ hold: "local" } as const, false],
  ])("is silent until the snapshot says that it may be heard: %o", async (change, heard) => {
    const { world, snapshot } = await reloaded();
    expect(world.tracks[0]?.enabled).toBe(false);
    await snapshot(change);
    expect(world.tracks[0]?.enabled).toBe(heard);
  });

  it("offers again where the connection was lost before the snapshot", async () => {
    const { world, snapshot, offers } = await reloaded();
    world.socket.drop();
    world.socket.connect();
    await snapshot();
    expect(offers()).toHaveLength(2);
    expect(world.peers.filter((peer) => !peer.closed)).toHaveLength(1);
  });

  it("lets everything go when the call is over, or on another device", async () => {
    for (const code of ["call_unknown", "on_other_device"]) {
      const { world } = await reloaded((w) => {
        const problem = { status: 409, code, title: "" };
        w.socket.reply = () => ({ ok: false, problem });
      });
      await settle();
      expect(world.peers.map((peer) => peer.closed)).toEqual([true]);
      expect(world.tracks.map((track) => track.stopped)).toEqual([true]);
      expect(world.remembered).toEqual([]);
    }
  });

  it("lets everything go when the call ended before the snapshot", async () => {
    const { world, phone } = await reloaded();
    expect(phone.legs.has("call-1")).toBe(true);
    world.socket.serve("snapshot", aSnapshot());
    await settle();
    expect(world.peers.map((peer) => peer.closed)).toEqual([true]);
    expect(world.tracks.map((track) => track.stopped)).toEqual([true]);
    expect(world.remembered).toEqual([]);
  });

  it("lets the microphone go while there is no network, and begins anew after it", async () => {
    const { world, snapshot, offers } = await reloaded((w) => {
      w.socket.reachable = false;
    });
    await world.clock.pass(2_999);
    expect(world.tracks[0]?.stopped).toBe(false);
    await world.clock.pass(1);
    expect(world.tracks[0]?.stopped).toBe(true);
    expect(world.peers.map((peer) => peer.closed)).toEqual([true]);
    expect(world.remembered).toEqual(["call-1"]);
    world.socket.reachable = true;
    world.socket.connect();
    await snapshot();
    expect(offers()).toMatchObject([{ call_id: "call-1" }]);
    expect(world.tracks[1]?.stopped).toBe(false);
  });

  it("brings two calls back, and only the one that talks is heard", async () => {
    const { world, offers } = await reloaded((w) => {
      w.remembered = ["call-1", "call-2"];
    });
    const calls = [{ ...CALL, hold: "local" } as const, { ...CALL, id: "call-2" }];
    world.socket.serve("snapshot", aSnapshot({ calls }));
    await settle();
    expect(offers().map(({ call_id }) => call_id)).toEqual(["call-1", "call-2"]);
    expect(world.tracks.map((track) => track.enabled)).toEqual([false, true]);
    expect(world.remembered).toEqual(["call-1", "call-2"]);
  });

  it("is heard no more, but hears, where the microphone is refused", async () => {
    const { world, phone, snapshot, offers } = await reloaded((w) => {
      w.microphoneError = "NotAllowedError";
    });
    await snapshot();
    expect(offers()).toHaveLength(1);
    expect(phone.legs.has("call-1")).toBe(true);
    expect(world.announced).toEqual([]);
  });

  it("offers nothing for a call that another tab took while the socket opened", async () => {
    const { world, offers } = await reloaded((w) => {
      w.socket.reachable = false;
    });
    world.otherTabTook("call-1");
    world.socket.reachable = true;
    world.socket.connect();
    await settle();
    expect(offers()).toEqual([]);
    expect(world.tracks.every((track) => track.stopped)).toBe(true);
  });

  it("makes a second attempt, with another relay, where no connection could be made", async () => {
    const before = await talking();
    before.world.leave();
    const { world, snapshot, offers } = await reloaded((w) => {
      w.keptTurn = before.world.keptTurn;
      w.peerError = new SyntaxError("no such server");
    });
    expect(world.remembered).toEqual(["call-1"]);
    expect(world.tracks.every((track) => track.stopped)).toBe(true);
    world.peerError = null;
    await snapshot();
    expect(offers()).toMatchObject([{ call_id: "call-1" }]);
    expect(world.requests.map(({ path }) => path)).toContain("/turn-credentials");
    expect(world.tracks.filter((track) => !track.stopped)).toHaveLength(1);
  });

  it("lets everything go when the session is over", async () => {
    const { world, phone } = await reloaded((w) => {
      w.socket.reachable = false;
      w.routes["POST /auth/refresh"] = () => ({ status: 401, body: { code: "session_ended" } });
    });
    expect(phone.session.state.get().kind).toBe("signed_out");
    expect(phone.link.get()).toBe("closed");
    expect(world.peers.map((peer) => peer.closed)).toEqual([true]);
    expect(world.tracks.map((track) => track.stopped)).toEqual([true]);
  });

  it("begins nothing where nobody is signed in or no call was heard", async () => {
    for (const nothing of [{ deviceId: null }, { remembered: [] }]) {
      const { world } = await reloaded((w) => Object.assign(w, nothing));
      expect(world.peers).toEqual([]);
      expect(world.tracks).toEqual([]);
    }
  });

  it("begins with the relay that it had, and asks for the next later", async () => {
    const asked = (w: FakeSurroundings) =>
      w.requests.filter((request) => request.path === "/turn-credentials").length;
    const before = await talking();
    before.world.leave();
    expect(before.world.keptTurn).not.toBeNull();
    const { world, snapshot } = await reloaded((w) => {
      w.keptTurn = before.world.keptTurn;
    });
    expect(world.keptTurn).toBeNull();
    expect(world.peer.config.iceServers).toMatchObject([{ username: "u" }]);
    await snapshot();
    expect(asked(world)).toBe(0);
    await world.clock.pass(2_000);
    expect(asked(world)).toBe(1);
  });

  it("begins without a relay where another release left one of another form", async () => {
    for (const kept of [{ username: "u" }, { credentials: {}, renewAt: 1, until: 2e6 }, 7]) {
      const { world, snapshot, offers } = await reloaded((w) => {
        w.keptTurn = kept as unknown as typeof w.keptTurn;
      });
      expect(world.peers).toHaveLength(1);
      await snapshot();
      expect(offers()).toHaveLength(1);
      expect(world.requests.map(({ path }) => path)).toContain("/turn-credentials");
    }
  });

  it("leaves no relay behind where no call is heard", async () => {
    const { world, end } = await talking();
    end({ reason: "hung_up", answered_at: "2026-01-02T10:00:05Z" });
    world.leave();
    expect(world.keptTurn).toBeNull();
  });

  it("takes the relay out of storage also where it is of no use, and leaves none for a ring", async () => {
    const before = await talking();
    before.world.leave();
    const { world } = await reloaded((w) => {
      w.keptTurn = before.world.keptTurn;
      w.remembered = [];
    });
    expect(world.keptTurn).toBeNull();
    const ringing = await signedIn();
    ringing.ring();
    await settle();
    expect(ringing.phone.legs.has("in-1")).toBe(true);
    ringing.world.leave();
    expect(ringing.world.keptTurn).toBeNull();
  });
});
