import { describe, expect, it } from "vitest";
import { settle } from "./testing/clock.ts";
import { aCall } from "./testing/fakePlatform.ts";
import { code, signedIn } from "./testing/signedIn.ts";

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
