import { describe, expect, it } from "vitest";
import { settle } from "./testing/clock.ts";
import { aCall, aSnapshot, type FakeSurroundings } from "./testing/fakePlatform.ts";
import { code, incoming, signedIn } from "./testing/signedIn.ts";

describe("events", () => {
  it("ask for a snapshot after a gap, by a new connection", async () => {
    const { world, phone } = await signedIn();
    world.socket.skip();
    world.socket.serve("journal.removed", { id: null, unread: 1 });
    expect(world.socket.connects).toBe(2);
    expect(phone.link.get()).toBe("online");
    expect(phone.calls.get().unread).toBe(0);
    world.socket.serve("journal.removed", { id: null, unread: 2 });
    expect(phone.calls.get().unread).toBe(2);
  });

  it("count once", async () => {
    const { world, phone } = await signedIn();
    const at = { epoch: "1", seq: 2 };
    world.socket.raw("call.created", { call: aCall(), ...at });
    world.socket.raw("call.created", { call: aCall({ id: "again" }), ...at });
    expect(phone.calls.get().calls.map((call) => call.id)).toEqual(["call-1"]);
  });

  it("come back after the server closed the socket", async () => {
    const { world, phone } = await signedIn();
    world.socket.drop("io server disconnect");
    await world.clock.pass(250);
    expect(phone.link.get()).toBe("online");
  });

  it("get a new token when CONNECT was refused", async () => {
    const { world, phone } = await signedIn();
    world.socket.drop();
    world.socket.refuse("token_expired");
    await settle();
    await world.clock.pass(500);
    expect(world.requests.filter((r) => r.path === "/auth/refresh")).toHaveLength(2);
    expect(phone.link.get()).toBe("online");
  });

  it("end the session when the refused token cannot be renewed", async () => {
    const { world, phone } = await signedIn();
    world.routes["POST /auth/refresh"] = () => ({ status: 401, body: { code: "revoked" } });
    world.socket.drop();
    world.socket.refuse("token_expired");
    await settle();
    expect(phone.session.state.get()).toEqual({ kind: "signed_out", why: "expired" });
  });

  it("fail a command that nobody acknowledges", async () => {
    const { world, phone } = await signedIn();
    world.socket.reply = () => null;
    expect(await code(phone.dial("102"))).toBe("no_reply");
  });
});

describe("a connection lost under a command", () => {
  /** The first one gets no reply; unless `dropped`, the socket looks connected all the same. */
  const losing = (world: FakeSurroundings, verb: string, dropped = true) => {
    const { reply } = world.socket;
    let lost = false;
    world.socket.reply = (event, body) => {
      if (event !== verb || lost) return reply(event, body);
      lost = true;
      if (dropped) world.socket.drop();
      return null;
    };
  };

  it("dials once: again under the same command_id", async () => {
    const { world, phone } = await signedIn();
    losing(world, "dial");
    const dialled = phone.dial("102");
    await settle();
    world.socket.connect();
    expect((await dialled).id).toBe("call-1");
    const ids = world.socket.commands("dial").map((body) => body["command_id"]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(world.tracks.filter((track) => !track.stopped)).toHaveLength(1);
  });

  it("shows the call as it is by now, not as the first dial found it", async () => {
    const { world, phone } = await signedIn();
    const calls = [aCall({ phase: "connected", media: "attached" })];
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ calls }));
    losing(world, "dial");
    const dialled = phone.dial("102,7");
    await settle();
    world.socket.connect();
    await dialled;
    expect(phone.calls.get().calls.map((call) => call.phase)).toEqual(["connected"]);
    await world.clock.pass(1_000);
    expect(world.peer.transceivers[0]!.sender.dtmf.log.map(([digits]) => digits)).toEqual(["7"]);
  });

  it("brings no call back that ended meanwhile", async () => {
    const { world, phone } = await signedIn();
    const { reply } = world.socket;
    const problem = { status: 404, code: "call_unknown", title: "" };
    world.socket.reply = (event, body) =>
      event === "media.offer" ? { ok: false, problem } : reply(event, body);
    losing(world, "dial");
    const dialled = phone.dial("102");
    await settle();
    world.socket.connect();
    await dialled;
    await settle();
    expect(phone.calls.get().calls).toEqual([]);
    expect(phone.legs.views.get()).toEqual({});
    expect(world.tracks.filter((track) => !track.stopped)).toEqual([]);
  });

  it("is not sent again into a socket that only looks connected", async () => {
    const { world, phone, ring } = await signedIn();
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ calls: [incoming] }));
    ring();
    await settle();
    losing(world, "answer", false);
    await phone.answer("in-1");
    expect(world.socket.connects).toBe(2);
    expect(world.socket.commands("answer")).toHaveLength(2);
  });

  it("keeps the leg of a call that was answered, and the microphone opens", async () => {
    const { world, phone, ring } = await signedIn();
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ calls: [incoming] }));
    ring();
    await settle();
    losing(world, "answer");
    const answered = phone.answer("in-1");
    await settle();
    expect(phone.pending.get()).toEqual({ "in-1": "answering" });
    world.socket.connect();
    await answered;
    expect(phone.legs.views.get()["in-1"]?.sending).toBe(true);
    expect(phone.pending.get()).toEqual({});
  });

  it("says so when the connection does not come back", async () => {
    const { world, phone, ring } = await signedIn();
    ring();
    await settle();
    losing(world, "answer");
    const answered = code(phone.answer("in-1"));
    await world.clock.pass(5_000);
    expect(await answered).toBe("offline");
    expect(phone.legs.has("in-1")).toBe(false);
    expect(world.tracks.every((track) => track.stopped)).toBe(true);
  });
});

describe("asked twice", () => {
  it("answers once", async () => {
    const { world, phone, ring } = await signedIn();
    ring();
    await settle();
    await Promise.all([phone.answer("in-1"), phone.answer("in-1")]);
    expect(world.socket.commands("answer")).toHaveLength(1);
  });

  it("hangs up although the answer's confirmation is still to come", async () => {
    const { world, phone, ring, update } = await signedIn();
    ring();
    await settle();
    const { reply } = world.socket;
    world.socket.reply = (event, body) => (event === "answer" ? null : reply(event, body));
    const answered = code(phone.answer("in-1"));
    update({ phase: "connected", device_id: "device-1" }, incoming);
    const ended = phone.hangUp("in-1");
    expect(phone.pending.get()).toEqual({ "in-1": "ending" });
    await answered;
    await ended;
    expect(world.socket.commands("hang_up")).toHaveLength(1);
    expect(phone.pending.get()).toEqual({});
  });

  it("opens one microphone, and closes what it opened", async () => {
    const { world, phone } = await signedIn();
    await phone.dial("102");
    await settle();
    world.tracks[0]!.stop();
    world.tracks[0]!.onended?.();
    await Promise.all([phone.legs.openMicrophone("call-1"), phone.legs.openMicrophone("call-1")]);
    expect(world.tracks.filter((track) => !track.stopped)).toHaveLength(1);
    phone.legs.close("call-1");
    expect(world.tracks.every((track) => track.stopped)).toBe(true);
  });
});

describe("digits behind a number", () => {
  const sent = (world: FakeSurroundings) =>
    world.peer.transceivers[0]!.sender.dtmf.log.map(([digits]) => digits);
  const talking = { phase: "connected", media: "attached" } as const;

  it("are sent once somebody answered", async () => {
    const { world, phone, update } = await signedIn();
    await phone.dial("+49 89 5551 ext. 123");
    expect(world.socket.commands("dial")[0]?.["to"]).toBe("+49895551");
    world.peer.connect();
    update({ phase: "early" });
    await world.clock.pass(2_000);
    expect(sent(world)).toEqual([]);
    update(talking);
    await world.clock.pass(1_000);
    update({ ...talking, muted: true });
    await world.clock.pass(2_000);
    expect(sent(world)).toEqual(["123"]);
  });

  it("are forgotten when nobody does", async () => {
    const { world, phone, end } = await signedIn();
    await phone.dial("102,7");
    end({ reason: "no_answer" });
    await world.clock.pass(3_000);
    expect(sent(world)).toEqual([]);
  });
});
