import { describe, expect, it, vi } from "vitest";
import { settle } from "./testing/clock.ts";
import { aCall } from "./testing/fakePlatform.ts";
import { code, incoming, signedIn, talking } from "./testing/signedIn.ts";

const SECOND = aCall({ id: "call-2", consults: "call-1" });

describe("the microphone", () => {
  it("is not heard in a call that waits, from the wish on until it talks again", async () => {
    const { world, update } = await talking();
    const enabled = () => world.tracks[0]?.enabled;
    expect(enabled()).toBe(true);
    update({ phase: "connected", actions: ["hang_up", "mute", "retrieve"] });
    expect(enabled()).toBe(false);
    update({ phase: "connected", hold: "local", actions: ["hang_up", "mute", "retrieve"] });
    expect(enabled()).toBe(false);
    update({ phase: "connected", hold: "remote", actions: ["hang_up", "mute", "hold"] });
    expect(enabled()).toBe(true);
    update({ phase: "connected", hold: "both", muted: true, actions: ["retrieve"] });
    update({ phase: "connected", hold: "none", muted: true, actions: ["hold"] });
    expect(enabled()).toBe(false);
  });

  it("follows the call that talks: each call has a path of its own", async () => {
    const { world, phone, update } = await talking();
    world.socket.reply = () => ({ ok: true, call: SECOND });
    await phone.consult("call-1", "103");
    await settle();
    expect(world.peers).toHaveLength(2);
    const heard = () => world.tracks.map((track) => track.enabled);
    const held = { phase: "connected", hold: "local", actions: ["retrieve"] } as const;
    const talks = { phase: "connected", hold: "none", actions: ["hold"] } as const;
    update({ ...held, actions: [...held.actions] });
    update({ ...talks, actions: [...talks.actions] }, SECOND);
    expect(heard()).toEqual([false, true]);
    update({ ...held, actions: [...held.actions] }, SECOND);
    update({ ...talks, actions: [...talks.actions] });
    expect(heard()).toEqual([true, false]);
  });
});

describe("commands about several calls", () => {
  it("name the calls that they are about", async () => {
    const { world, phone } = await talking();
    await phone.control.swap("call-1");
    await phone.control.transferTo("call-1", "103");
    await phone.control.transferWith("call-1", "call-2");
    await phone.control.merge("call-1", "call-2");
    await phone.control.drop("call-1", "p1");
    expect(world.socket.commands("swap")).toMatchObject([{ call_id: "call-1" }]);
    expect(world.socket.commands("transfer")).toMatchObject([
      { call_id: "call-1", to: "103" },
      { call_id: "call-1", with: "call-2" },
    ]);
    expect(world.socket.commands("merge")).toMatchObject([{ call_id: "call-1", with: "call-2" }]);
    expect(world.socket.commands("drop")).toMatchObject([{ participant: "p1" }]);
  });

  it("say why they were refused", async () => {
    const { world, phone } = await talking();
    const problem = { status: 409, code: "not_offered", title: "" };
    world.socket.reply = () => ({ ok: false, problem });
    expect(await code(phone.control.swap("call-1"))).toBe("not_offered");
    expect(await code(phone.consult("call-1", "103"))).toBe("not_offered");
    expect(world.peers.at(-1)?.connectionState).toBe("closed");
  });
});

describe("a call on the desk phone", () => {
  const DESK = aCall({ on: "desk_phone", phase: "connected", device_id: null });

  it("is answered there, without sound or microphone here", async () => {
    const { world, phone } = await signedIn();
    world.socket.serve("call.created", { call: { ...incoming, on: "desk_phone" } });
    await phone.answer("in-1");
    expect(world.socket.commands("answer")).toMatchObject([{ call_id: "in-1" }]);
    expect(world.peers).toEqual([]);
    expect(world.tracks).toEqual([]);
  });

  it("is dialled there; digits behind the number are refused, not lost", async () => {
    const { world, phone } = await signedIn();
    await phone.dialElsewhere("+49 30 5551-0142", "desk_phone");
    expect(world.socket.commands("dial")).toMatchObject([
      { to: "+493055510142", from: "desk_phone" },
    ]);
    expect(await code(phone.dialElsewhere("103,12", "desk_phone"))).toBe("desk_digits");
    expect(world.peers).toEqual([]);
    expect(world.tracks).toEqual([]);
  });

  it("consults there", async () => {
    const { world, phone } = await signedIn();
    world.socket.serve("call.created", { call: DESK });
    await phone.consult("call-1", "103");
    expect(world.socket.commands("consult")).toMatchObject([{ call_id: "call-1", to: "103" }]);
    expect(world.peers).toEqual([]);
  });
});

describe("the ring", () => {
  it("is a soft knock while another call runs, here or on the desk phone", async () => {
    for (const on of ["device", "desk_phone"] as const) {
      const { world, phone, ring } = await signedIn();
      const set = vi.spyOn(phone.ringer, "set");
      ring();
      expect(set).toHaveBeenLastCalledWith("ring");
      const call = aCall({ on, phase: "connected" });
      world.socket.serve("call.created", { call });
      expect(set).toHaveBeenLastCalledWith("second_call");
      world.socket.serve("call.ended", { call: { ...call, phase: "ended" } });
      expect(set).toHaveBeenLastCalledWith("ring");
      phone.dispose();
    }
  });
});
