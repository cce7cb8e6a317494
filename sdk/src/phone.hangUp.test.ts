import { describe, expect, it } from "vitest";
import { settle } from "./testing/clock.ts";
import { code, keepsTheCall, talking } from "./testing/signedIn.ts";

describe("a hang-up", () => {
  it.each([false, true])(
    "that is refused leaves the microphone as shown: muted %s",
    async (was) => {
      const { world, phone, update } = await talking();
      update({ phase: "connected", muted: was });
      const problem = { status: 409, code: "not_now", title: "" };
      world.socket.reply = (event) => (event === "hang_up" ? { ok: false, problem } : { ok: true });
      const refused = code(phone.hangUp("call-1"));
      expect(world.tracks[0]?.enabled).toBe(false);
      expect(await refused).toBe("not_now");
      expect(world.tracks[0]?.enabled).toBe(!was);
      expect(phone.pending.get()).toEqual({});
    },
  );

  it("without a reply does not wait for a socket that only looks connected", async () => {
    const { world, phone } = await talking();
    keepsTheCall(world);
    let lost = false;
    world.socket.reply = (event) => {
      if (event !== "hang_up" || lost) return { ok: true };
      lost = true;
      return null;
    };
    await phone.hangUp("call-1");
    await settle();
    expect(world.socket.connects).toBe(2);
    expect(world.socket.commands("hang_up")).toHaveLength(2);
  });

  it.each(["call_unknown", "call_over"])("of a call that is gone is done: %s", async (reason) => {
    const { world, phone } = await talking();
    const problem = { status: 404, code: reason, title: "" };
    world.socket.reply = () => ({ ok: false, problem });
    await phone.hangUp("call-1");
    expect(phone.calls.get().calls).toEqual([]);
    expect(world.peer.closed).toBe(true);
  });
});

it("any command may tell that the call is gone", async () => {
  const { world, phone } = await talking();
  const problem = { status: 404, code: "call_unknown", title: "" };
  world.socket.reply = () => ({ ok: false, problem });
  expect(await code(phone.setMuted("call-1", true))).toBe("call_unknown");
  expect(phone.calls.get().calls).toEqual([]);
  expect(phone.calls.get().ended.map((e) => e.call.id)).toEqual(["call-1"]);
  expect(phone.legs.views.get()).toEqual({});
  expect(world.tracks.every((track) => track.stopped)).toBe(true);
});
