import { describe, expect, it } from "vitest";
import { settle } from "./testing/clock.ts";
import { aCall, aSnapshot, FakeSurroundings } from "./testing/fakePlatform.ts";
import { Phone } from "./phone.ts";
import { talking } from "./testing/signedIn.ts";

const CALL = aCall({ phase: "connected", device_id: "device-1", actions: ["hang_up", "mute"] });

/** A tab that knows of the call and waits for the lead. */
async function otherTab(
  change: Partial<typeof CALL> = {},
  prepare?: (w: FakeSurroundings) => void,
) {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  const calls = [{ ...CALL, ...change }];
  world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ calls }));
  prepare?.(world);
  const phone = new Phone(world.platform());
  await phone.start();
  await settle();
  return { world, phone };
}

describe("several tabs", () => {
  it("hand the audio over to the next one when the tab that had it is gone", async () => {
    const { world } = await otherTab();
    expect(world.peers).toEqual([]);
    world.lead();
    await settle();
    expect(world.socket.commands("media.offer")).toMatchObject([{ call_id: "call-1" }]);
    expect(world.tracks).toHaveLength(1);
  });

  it("leave the audio in the tab that has it, whoever leads", async () => {
    const { world } = await otherTab({}, (w) => w.carriedElsewhere.add("call-1"));
    world.lead();
    await settle();
    expect(world.peers).toEqual([]);
  });

  it("take nothing from another device or from the desk phone", async () => {
    for (const change of [
      { device_id: "device-2" },
      { on: "desk_phone", device_id: null },
    ] as const) {
      const { world } = await otherTab(change);
      world.lead();
      await settle();
      expect(world.peers).toEqual([]);
    }
  });

  it("after a reload do not take back what another tab took over meanwhile", async () => {
    const { world } = await otherTab({}, (w) => {
      w.remembered = ["call-1"];
      w.carriedElsewhere.add("call-1");
    });
    await settle();
    expect(world.socket.commands("media.offer")).toEqual([]);
    expect(world.peers.every((peer) => peer.closed)).toBe(true);
    expect(world.tracks.every((track) => track.stopped)).toBe(true);
    expect(world.announced).toEqual([]);
    expect(world.remembered).toEqual([]);
  });

  it("remember no call of before once nobody is signed in", async () => {
    const { world } = await otherTab({}, (w) => {
      w.remembered = ["call-1"];
      w.socket.reachable = false;
      w.routes["POST /auth/refresh"] = () => ({ status: 401, body: { code: "session_ended" } });
    });
    expect(world.remembered).toEqual([]);
  });

  it("remember a call whose microphone the browser still asks for", async () => {
    const { world } = await otherTab({}, (w) => {
      w.remembered = ["call-1"];
      w.microphoneError = "NotAllowedError";
    });
    expect(world.remembered).toEqual(["call-1"]);
  });

  it("tell each other what they carry", async () => {
    const { world } = await talking();
    expect(world.carries("call-1")).toBe(true);
    expect(world.carries("call-2")).toBe(false);
  });

  it("control a call whose audio is in another one", async () => {
    const { world, phone } = await otherTab();
    await phone.setMuted("call-1", true);
    await phone.sendDigits("call-1", "5");
    expect(world.socket.commands("mute")).toHaveLength(1);
    expect(world.socket.commands("dtmf")).toMatchObject([{ digits: "5" }]);
    expect(world.peers).toEqual([]);
  });
});
