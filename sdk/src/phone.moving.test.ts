import { describe, expect, it } from "vitest";
import type { Phone } from "./phone.ts";
import { aCall, aSnapshot, type FakeSurroundings, settle } from "./testing/index.ts";
import { code, signedIn } from "./testing/signedIn.ts";

const elsewhere = aCall({
  phase: "connected",
  device_id: "device-2",
  actions: ["hang_up", "pull", "move"],
});
const comes = { to: "device-1", by: "device-1" };

const there =
  (more: (world: FakeSurroundings) => void = () => undefined) =>
  (world: FakeSurroundings) => {
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ calls: [elsewhere] }));
    more(world);
  };

const asksForSound = (world: FakeSurroundings) =>
  world.socket.serve("media.renegotiate", { call_id: "call-1", fresh: true });

describe("a call of another device", () => {
  it("is pulled with an open microphone, and offers sound when the server asks", async () => {
    const { world, phone, update } = await signedIn(there((w) => (w.permission = "prompt")));
    await phone.bringHere("call-1");
    expect(world.tracks).toHaveLength(1);
    expect(world.socket.commands("pull")).toMatchObject([{ call_id: "call-1" }]);
    expect(world.socket.commands("media.offer")).toEqual([]);
    asksForSound(world);
    update({ moving: comes }, elsewhere);
    await settle();
    const [offer] = world.socket.commands("media.offer");
    expect(offer).not.toHaveProperty("take");
    expect(phone.legs.views.get()["call-1"]?.sending).toBe(true);
    expect(world.tracks).toHaveLength(1);
    update({ device_id: "device-1" }, elsewhere);
    expect(world.peer.closed).toBe(false);
  });

  it("stays there when it cannot be brought here; nothing is left open", async () => {
    const { world, phone, update } = await signedIn(there());
    await phone.bringHere("call-1");
    asksForSound(world);
    update({ moving: comes }, elsewhere);
    await settle();
    world.socket.serve("notice", {
      call_id: "call-1",
      code: "pull_failed",
      words: "",
      reason: null,
    });
    update({ moving: null }, elsewhere);
    expect(phone.legs.has("call-1")).toBe(false);
    expect(world.tracks.every((track) => track.stopped)).toBe(true);
  });

  it("closes the microphone again when the server refuses or never asks", async () => {
    const { world, phone } = await signedIn(there((w) => (w.permission = "prompt")));
    world.socket.reply = () => ({
      ok: false,
      problem: { status: 409, code: "moving", title: "" },
    });
    expect(await code(phone.bringHere("call-1"))).toBe("moving");
    world.socket.reply = () => ({ ok: true });
    await phone.bringHere("call-1");
    await world.clock.pass(16_000);
    expect(world.tracks.map((track) => track.stopped)).toEqual([true]);
    expect(phone.moving.awaits("call-1")).toBe(false);
  });

  it("is pulled once by two clicks, also while the browser asks for the microphone", async () => {
    const { world, phone } = await signedIn(there((w) => (w.permission = "prompt")));
    await Promise.all([phone.bringHere("call-1"), phone.bringHere("call-1")]);
    expect(world.tracks).toHaveLength(1);
    expect(world.socket.commands("pull")).toHaveLength(1);
    await world.clock.pass(16_000);
    expect(world.tracks.map((track) => track.stopped)).toEqual([true]);
  });

  it("that ends while the browser asks for the microphone leaves none open", async () => {
    const { world, phone, end } = await signedIn(there((w) => (w.permission = "prompt")));
    const asked = phone.bringHere("call-1");
    end({}, elsewhere);
    await asked;
    expect(world.tracks.map((track) => track.stopped)).toEqual([true]);
    expect(world.socket.commands("pull")).toEqual([]);
  });

  it.each([
    ["signs out", (phone: Phone) => phone.signOut()],
    [
      "closes the page",
      (phone: Phone) => {
        phone.dispose();
        return Promise.resolve();
      },
    ],
  ])("is not waited for when the user %s: the microphone is closed", async (_, leave) => {
    const { world, phone } = await signedIn(there((w) => (w.permission = "prompt")));
    await phone.bringHere("call-1");
    await leave(phone);
    expect(world.tracks.map((track) => track.stopped)).toEqual([true]);
    expect(phone.moving.awaits("call-1")).toBe(false);
  });

  it("that is moved here is taken by the leading tab, unless another one asked for it", async () => {
    const { world, phone } = await signedIn(there((w) => w.carriedElsewhere.add("call-1")));
    asksForSound(world);
    await settle();
    expect(phone.legs.has("call-1")).toBe(false);
    world.carriedElsewhere.clear();
    asksForSound(world);
    await settle();
    expect(phone.legs.views.get()["call-1"]?.sending).toBe(true);
  });

  it("that is moved here and does not get here leaves nothing open", async () => {
    const { world, phone, update } = await signedIn(there());
    asksForSound(world);
    // Told while this tab still asks the others whether one of them has the call.
    update({ moving: { to: "device-1", by: "device-2" } }, elsewhere);
    await settle();
    expect(phone.legs.views.get()["call-1"]?.sending).toBe(true);
    update({ moving: null }, elsewhere);
    expect(phone.legs.has("call-1")).toBe(false);
    expect(world.tracks.map((track) => track.stopped)).toEqual([true]);
  });

  it("that is over before the other tabs have answered opens nothing", async () => {
    const { world, phone, end } = await signedIn(there());
    asksForSound(world);
    end({}, elsewhere);
    await settle();
    expect(phone.legs.has("call-1")).toBe(false);
    expect(world.tracks).toEqual([]);
  });

  it("goes on at the desk phone: this device has no use for a leg of it", async () => {
    const { world, phone, update } = await signedIn();
    await phone.dial("102");
    await settle();
    update({ phase: "connected" });
    await phone.moving.move("call-1", "desk_phone");
    expect(world.socket.commands("move")).toMatchObject([{ call_id: "call-1", to: "desk_phone" }]);
    update({ phase: "connected", on: "desk_phone", device_id: null });
    expect(phone.legs.has("call-1")).toBe(false);
  });
});

describe("a call that a program dialled for this device", () => {
  it("offers sound and opens the microphone when the server asks, without a click", async () => {
    const { world, phone } = await signedIn();
    const call = aCall({ phase: "dialling", device_id: "device-1", actions: ["hang_up"] });
    world.socket.serve("call.created", { call });
    expect(world.socket.commands("media.offer")).toEqual([]);
    asksForSound(world);
    await settle();
    expect(world.socket.commands("media.offer")).toMatchObject([{ call_id: "call-1" }]);
    expect(phone.legs.views.get()["call-1"]?.sending).toBe(true);
  });
});
