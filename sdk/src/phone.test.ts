import { describe, expect, it } from "vitest";
import { Phone } from "./phone.ts";
import { settle } from "./testing/clock.ts";
import { aCall, aSnapshot, FakeSurroundings } from "./testing/fakePlatform.ts";
import { code, incoming, signedIn, talking } from "./testing/signedIn.ts";

describe("session", () => {
  it("comes online by the cookie, TURN credentials and a snapshot", async () => {
    const { world, phone } = await signedIn();
    expect(phone.session.state.get()).toEqual({ kind: "signed_in" });
    expect(phone.link.get()).toBe("online");
    expect(phone.calls.get().me?.user.name).toBe("Anna König");
    const turn = world.requests.filter((r) => r.path === "/turn-credentials");
    expect(turn.map((r) => r.auth)).toEqual(["Bearer access"]);
    await world.clock.pass(480_000);
    expect(world.requests.filter((r) => r.path === "/turn-credentials")).toHaveLength(2);
  });

  it("shows the sign-in page when the cookie is refused", async () => {
    const { phone } = await signedIn((world) => {
      world.routes["POST /auth/refresh"] = () => ({ status: 401, body: { code: "no_session" } });
    });
    expect(phone.session.state.get()).toEqual({ kind: "signed_out", why: "none" });
    expect(phone.link.get()).toBe("closed");
  });

  it("does not ask for a session on a browser that never had one", async () => {
    const { world, phone } = await signedIn((w) => {
      w.deviceId = null;
    });
    expect(world.requests).toEqual([]);
    expect(phone.session.state.get().kind).toBe("signed_out");
  });

  it("keeps trying while the server cannot be reached", async () => {
    const world = new FakeSurroundings();
    world.deviceId = "device-1";
    world.offline = true;
    const phone = new Phone(world.platform());
    expect(await code(phone.start())).toBe("offline");
    expect(phone.session.state.get().kind).toBe("unknown");
    world.offline = false;
    await phone.session.resume();
    expect(phone.session.state.get().kind).toBe("signed_in");
  });

  it("ends at once when the server ends it, and forgets everything", async () => {
    const { world, phone } = await signedIn();
    await phone.dial("102");
    world.socket.serve("session.ended", { reason: "revoked" });
    await settle();
    expect(phone.session.state.get()).toEqual({ kind: "signed_out", why: "ended" });
    expect(phone.calls.get().known).toBe(false);
    expect(world.peer.closed).toBe(true);
    expect(world.tracks.every((track) => track.stopped)).toBe(true);
  });
});

describe("outgoing call", () => {
  it("sends the command first, the offer beside it, and opens the microphone", async () => {
    const { world, phone } = await signedIn();
    const call = await phone.dial(" 1 0-2 ");
    await settle();
    expect(world.socket.sent.map((s) => s.event)).toEqual(["dial", "media.offer"]);
    expect(world.socket.commands("dial")[0]).toMatchObject({ to: "102" });
    expect(world.socket.commands("media.offer")[0]).toMatchObject({
      call_id: call.id,
      sdp: "offer-1-restart-0",
    });
    expect(world.peer.transceivers[0]?.sender.track).toBe(world.tracks[0]);
    expect(world.announced).toEqual(["call-1"]);
    expect(world.remembered).toEqual(["call-1"]);
  });

  it("applies the gateway's answer of this connection only", async () => {
    const { world, phone } = await signedIn();
    await phone.dial("102");
    await settle();
    const generation = world.socket.commands("media.offer")[0]?.["generation"] as number;
    const answer = { call_id: "call-1", sdp: "answer" };
    world.socket.serve("media.answer", { ...answer, generation: generation - 1 });
    await settle();
    expect(world.peer.answers).toEqual([]);
    world.socket.serve("media.answer", { ...answer, generation });
    await settle();
    expect(world.peer.answers).toEqual(["answer"]);
  });

  it("is not placed when the microphone is refused", async () => {
    const { world, phone } = await signedIn((w) => {
      w.permission = "prompt";
      w.microphoneError = "NotAllowedError";
    });
    expect(await code(phone.dial("102"))).toBe("microphone_denied");
    expect(world.socket.sent).toEqual([]);
    expect(world.peers).toEqual([]);
    expect(phone.microphone.state.get()).toBe("denied");
  });

  it("leaves nothing open when the server refuses it", async () => {
    const { world, phone } = await signedIn((w) => {
      const problem = { status: 409, code: "no_line", title: "" };
      w.socket.reply = () => ({ ok: false, problem });
    });
    expect(await code(phone.dial("102"))).toBe("no_line");
    await settle();
    expect(world.peer.closed).toBe(true);
    expect(world.tracks.filter((track) => !track.stopped)).toEqual([]);
    expect(phone.legs.views.get()).toEqual({});
  });

  it("needs a number", async () => {
    const { phone } = await signedIn();
    expect(await code(phone.dial("--"))).toBe("not_a_number");
  });

  it("waits for a connection that comes up", async () => {
    const { world, phone } = await signedIn();
    world.socket.drop();
    const call = phone.dial("102");
    await world.clock.pass(3_000);
    expect(world.socket.commands("dial")).toEqual([]);
    world.socket.connect();
    expect((await call).id).toBe("call-1");
  });

  it("fails in words when there is no connection for 5 s", async () => {
    const { world, phone } = await signedIn();
    world.socket.reachable = false;
    world.socket.drop();
    const failed = code(phone.dial("102"));
    await world.clock.pass(5_000);
    expect(await failed).toBe("offline");
    expect(world.peers).toEqual([]);
  });

  it("keeps the leg for the network's tone after a failure, without the microphone", async () => {
    const { world, phone, end } = await signedIn();
    await phone.dial("102");
    await settle();
    end({ reason: "busy" });
    expect(world.tracks[0]?.stopped).toBe(true);
    expect(world.peer.closed).toBe(false);
    await world.clock.pass(5_500);
    expect(world.peer.closed).toBe(true);
  });

  it("ends the tone when the next call begins", async () => {
    const { world, phone, end } = await signedIn();
    await phone.dial("102");
    end({ reason: "busy" });
    await phone.dial("103");
    expect(world.peers.map((peer) => peer.closed)).toEqual([true, false]);
  });
});

describe("incoming call", () => {
  it("prepares the audio while it rings, with the microphone shut", async () => {
    const { world, ring } = await signedIn();
    ring();
    await settle();
    expect(world.socket.commands("media.offer")[0]).toMatchObject({ call_id: "in-1" });
    expect(world.tracks).toEqual([]);
  });

  it("does not prepare in a tab that is not the leader", async () => {
    const world = new FakeSurroundings();
    world.deviceId = "device-1";
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot());
    const phone = new Phone(world.platform());
    await phone.start();
    await settle();
    world.socket.serve("ring.offer", { call: incoming, lease_ms: 6000, auto_answer_ms: null });
    expect(world.peers).toEqual([]);
    expect(phone.calls.get().calls).toHaveLength(1);
  });

  it("is answered over the prepared leg", async () => {
    const { world, phone, ring, stop, update } = await signedIn();
    ring();
    await settle();
    await phone.answer("in-1");
    stop({ reason: "answered" });
    update({ phase: "connected", device_id: "device-1" }, incoming);
    await settle();
    expect(world.peers).toHaveLength(1);
    expect(world.socket.commands("answer")[0]).toMatchObject({ call_id: "in-1" });
    expect(world.peer.transceivers[0]?.sender.track).toBe(world.tracks[0]);
    expect(phone.legs.views.get()["in-1"]?.sending).toBe(true);
  });

  it("rings on when the microphone is refused", async () => {
    const { world, phone, ring } = await signedIn((w) => {
      w.permission = "prompt";
      w.microphoneError = "NotAllowedError";
    });
    ring();
    await settle();
    expect(await code(phone.answer("in-1"))).toBe("microphone_denied");
    expect(world.socket.commands("answer")).toEqual([]);
    expect(phone.calls.get().rings["in-1"]).toBeDefined();
    expect(phone.pending.get()).toEqual({});
  });

  it("closes the prepared leg when the caller gives up", async () => {
    const { world, ring, stop, end } = await signedIn();
    ring();
    await settle();
    stop();
    end({ reason: "cancelled" }, incoming);
    expect(world.peer.closed).toBe(true);
  });

  it("closes it when another tab of this browser takes the call", async () => {
    const { world, ring } = await signedIn();
    ring();
    await settle();
    world.otherTabTook("in-1");
    expect(world.peer.closed).toBe(true);
  });

  it("is declined and silenced by command", async () => {
    const { world, phone, ring } = await signedIn();
    ring();
    await phone.silence("in-1");
    expect(phone.calls.get().rings).toEqual({});
    await phone.decline("in-1");
    expect(world.socket.sent.map((s) => s.event)).toContain("decline");
  });

  it("falls silent when nobody renews the ring", async () => {
    const { world, phone, ring } = await signedIn();
    ring();
    await world.clock.pass(5_999);
    expect(phone.calls.get().rings["in-1"]).toBeDefined();
    await world.clock.pass(1);
    expect(phone.calls.get().rings).toEqual({});
  });
});

describe("in a call", () => {
  it("mutes at once and tells the server", async () => {
    const { world, phone } = await talking();
    const done = phone.setMuted("call-1", true);
    expect(world.tracks[0]?.enabled).toBe(false);
    expect(phone.calls.get().calls[0]?.muted).toBe(true);
    await done;
    expect(world.socket.commands("mute")).toHaveLength(1);
  });

  it("shows what is heard when muting cannot be told", async () => {
    const { world, phone } = await talking();
    world.socket.reply = () => ({ ok: false, problem: { status: 409, code: "x", title: "" } });
    expect(await code(phone.setMuted("call-1", true))).toBe("x");
    expect(world.tracks[0]?.enabled).toBe(true);
    expect(phone.calls.get().calls[0]?.muted).toBe(false);
  });

  it("sends digits in the media, by command only where the browser cannot", async () => {
    const { world, phone } = await talking();
    await phone.sendDigits("call-1", "5");
    expect(world.socket.commands("dtmf")).toEqual([]);
    world.peer.transceivers[0]!.sender.dtmf.canInsertDTMF = false;
    await phone.sendDigits("call-1", "6");
    expect(world.socket.commands("dtmf")).toMatchObject([{ call_id: "call-1", digits: "6" }]);
  });

  it("owes a hang-up that could not be sent, and pays it when back online", async () => {
    const { world, phone } = await talking();
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ calls: [aCall({ phase: "connected" })] }));
    world.socket.drop();
    await phone.hangUp("call-1");
    expect(world.peer.closed).toBe(true);
    expect(world.socket.commands("hang_up")).toEqual([]);
    world.socket.connect();
    await settle();
    expect(world.socket.commands("hang_up")).toMatchObject([{ call_id: "call-1" }]);
  });

  it("keeps talking while the socket is away, and asks for nothing", async () => {
    const { world, phone } = await talking();
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ calls: [aCall({ phase: "connected" })] }));
    world.socket.drop();
    expect(phone.link.get()).toBe("reconnecting");
    world.socket.connect();
    await settle();
    expect(phone.link.get()).toBe("online");
    expect(world.peers).toHaveLength(1);
    expect(world.socket.commands("media.offer")).toHaveLength(1);
  });

  it("restarts ICE and replaces the socket when the network changed", async () => {
    const { world } = await talking();
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ calls: [aCall({ phase: "connected" })] }));
    world.networkChanged();
    await settle();
    expect(world.socket.connects).toBe(2);
    expect(world.peer.restarts + world.peers.length - 1).toBeGreaterThan(0);
  });

  it("replaces a socket that looks alive and is not, while its leg is broken", async () => {
    const { world } = await talking();
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ calls: [aCall({ phase: "connected" })] }));
    world.peer.ice("disconnected");
    await world.clock.pass(100);
    expect(world.socket.connects).toBe(2);
    world.socket.reply = (event) => (event === "ping" ? null : { ok: true });
    await world.clock.pass(1_000);
    expect(world.socket.connects).toBe(3);
    expect(world.peers).toHaveLength(1);
    world.socket.reply = () => ({ ok: true });
    await world.clock.pass(1_000);
    expect(world.socket.connects).toBe(3);
  });

  it("restarts ICE when the gateway asks for it", async () => {
    const { world } = await talking();
    const generation = world.socket.commands("media.offer")[0]?.["generation"] as number;
    world.socket.serve("media.answer", { call_id: "call-1", sdp: "a", generation });
    await settle();
    world.socket.serve("media.restart", { call_id: "call-1" });
    await settle();
    expect(world.peer.restarts).toBe(1);
  });

  it("gets its audio back after a reload, without a click", async () => {
    const { world, phone } = await signedIn((w) => {
      w.remembered = ["call-1"];
      w.socket.onConnect = () =>
        w.socket.serve("snapshot", aSnapshot({ calls: [aCall({ phase: "connected" })] }));
    });
    await settle();
    expect(world.socket.commands("media.offer")).toHaveLength(1);
    expect(phone.legs.views.get()["call-1"]?.sending).toBe(true);
  });

  const elsewhere = aCall({ phase: "connected", device_id: "device-2" });

  it("stays on the other device after a reload, unless the user brings it here", async () => {
    const { world, phone, update } = await signedIn((w) => {
      w.remembered = ["call-1"];
      w.socket.onConnect = () => w.socket.serve("snapshot", aSnapshot({ calls: [elsewhere] }));
    });
    await settle();
    expect(world.socket.commands("media.offer")).toEqual([]);
    await phone.bringHere("call-1");
    await settle();
    expect(world.socket.commands("media.offer")).toMatchObject([{ take: true }]);
    update({ muted: true }, elsewhere);
    expect(world.peer.closed).toBe(false);
    update({ phase: "connected", device_id: "device-1" });
    world.socket.serve("media.renegotiate", { call_id: "call-1", fresh: true });
    await settle();
    expect(world.socket.commands("media.offer")).toHaveLength(2);
    expect(world.socket.commands("media.offer").at(-1)).not.toHaveProperty("take");
  });

  it("leaves nothing open here when another device took it", async () => {
    const { world, phone, update } = await talking();
    update({}, elsewhere);
    expect(world.peer.closed).toBe(true);
    expect(world.tracks[0]?.stopped).toBe(true);
    expect(world.remembered).toEqual([]);
    expect(phone.legs.views.get()).toEqual({});
  });

  it("makes no connection anew when the socket's return tells that the call is over", async () => {
    const { world } = await talking();
    world.peer.ice("disconnected");
    await world.clock.pass(100);
    expect(world.peers.map((peer) => peer.closed)).toEqual([true]);
  });

  it.each(["call_unknown", "call_over", "not_ringing", "on_other_device", "superseded"])(
    "gives its leg up when the gateway says %s",
    async (reason) => {
      const { world } = await talking();
      const problem = { status: 409, code: reason, title: "" };
      world.socket.onConnect = () =>
        world.socket.serve("snapshot", aSnapshot({ calls: [aCall({ phase: "connected" })] }));
      world.socket.reply = (event) =>
        event === "media.offer" ? { ok: false, problem } : { ok: true };
      world.peer.ice("disconnected");
      await settle();
      // Superseded, and yet no other tab has the call: one more attempt, not more.
      const attempts = reason === "superseded" ? [true, true] : [true];
      expect(world.peers.map((peer) => peer.closed)).toEqual(attempts);
    },
  );

  it("goes on with the next microphone when the headset is pulled out", async () => {
    const { world } = await talking();
    world.tracks[0]?.onended?.();
    await settle();
    expect(world.tracks).toHaveLength(2);
    expect(world.peer.transceivers[0]?.sender.track).toBe(world.tracks[1]);
  });
});
