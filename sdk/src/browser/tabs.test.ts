import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Phone } from "../phone.ts";
import { settle } from "../testing/clock.ts";
import { aCall, aSnapshot, FakeSurroundings } from "../testing/fakePlatform.ts";
import { createTabs } from "./tabs.ts";

const CALL = aCall({ phase: "connected", actions: ["hang_up", "mute"] });

/** What the tabs of one browser say to each other is on its way until the test lets it arrive. */
class Channel extends EventTarget {
  static readonly open = new Set<Channel>();
  static readonly underWay: (() => void)[] = [];

  constructor() {
    super();
    Channel.open.add(this);
  }

  postMessage(data: unknown): void {
    for (const other of Channel.open) {
      if (other === this) continue;
      const deliver = () => other.dispatchEvent(new MessageEvent("message", { data }));
      Channel.underWay.push(deliver);
    }
  }
}

/** Each message is a task of its own: promises run between them. */
async function deliver(): Promise<void> {
  await settle();
  for (let next = Channel.underWay.shift(); next; next = Channel.underWay.shift()) {
    next();
    await settle();
  }
}

async function pass(ms: number): Promise<void> {
  await deliver();
  await vi.advanceTimersByTimeAsync(ms);
  await deliver();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("BroadcastChannel", Channel);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  Channel.open.clear();
  Channel.underWay.length = 0;
});

/** A page whose neighbours are real. The server lets it in and says nothing before `snapshot`. */
async function opened(prepare: (world: FakeSurroundings) => void = () => undefined) {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  prepare(world);
  const platform = world.platform();
  const tabs = { ...createTabs(), onLeader: platform.tabs.onLeader };
  const phone = new Phone({ ...platform, tabs });
  await phone.start();
  const snapshot = async () => {
    world.socket.serve("snapshot", aSnapshot({ calls: [CALL] }));
    await settle();
  };
  const carries = () => phone.legs.has("call-1") && world.tracks.some((track) => !track.stopped);
  return { world, phone, snapshot, carries };
}

const reloads = (world: FakeSurroundings) => {
  world.remembered = ["call-1"];
};

describe("a call of two tabs", () => {
  it.each([0, 100, 149, 150, 151, 200])(
    "is carried by one of them when one is loaded again %d ms after the other began to look",
    async (ms) => {
      const other = await opened();
      await other.snapshot();
      other.world.lead();
      await pass(ms);
      const again = await opened(reloads);
      await pass(100);
      await again.snapshot();
      await pass(500);
      expect([other.carries(), again.carries()].filter(Boolean)).toHaveLength(1);
      const offers = [other, again].map((tab) => tab.world.socket.commands("media.offer").length);
      expect(offers).toEqual(ms < 150 ? [0, 1] : [1, 0]);
    },
  );

  it("is left to the page that is back although the other tab's clock goes slowly", async () => {
    const other = await opened();
    await other.snapshot();
    other.world.lead();
    await deliver();
    const again = await opened(reloads);
    await deliver();
    // What was asked is answered, long before the time of the one that asked is over.
    await pass(1_000);
    expect([other.carries(), again.carries()]).toEqual([false, true]);
  });

  it("has the microphone at once in the tab that leads, and no other one asks for it", async () => {
    const original = await opened(reloads);
    original.world.lead();
    await deliver();
    expect(original.world.tracks).toHaveLength(1);
    const duplicate = await opened(reloads);
    await pass(0);
    await duplicate.snapshot();
    await pass(500);
    expect(duplicate.world.tracks).toEqual([]);
    expect(original.carries()).toBe(true);
  });

  it("is carried by one of two that come back at the same moment", async () => {
    const [one, two] = [await opened(reloads), await opened(reloads)];
    await pass(200);
    await one.snapshot();
    await two.snapshot();
    await pass(500);
    expect([one.carries(), two.carries()].filter(Boolean)).toHaveLength(1);
  });

  it("stays in one tab when both announced it and neither knew", async () => {
    const [one, two] = [await opened(), await opened()];
    await one.snapshot();
    await two.snapshot();
    await Promise.all([one.phone.bringHere("call-1"), two.phone.bringHere("call-1")]);
    await pass(500);
    expect([one.carries(), two.carries()].filter(Boolean)).toHaveLength(1);
  });

  it("is taken again, once, by the tab whose offer came too late when nobody carries it", async () => {
    const { world, carries } = await opened((w) => {
      reloads(w);
      const problem = { status: 409, code: "superseded", title: "" };
      w.socket.reply = (event) =>
        event === "media.offer" && w.socket.commands(event).length === 1
          ? { ok: false, problem }
          : { ok: true };
    });
    await pass(150);
    expect(carries()).toBe(false);
    await pass(150);
    expect(world.remembered).toEqual(["call-1"]);
    world.socket.serve("snapshot", aSnapshot({ calls: [CALL] }));
    await pass(150);
    expect(carries()).toBe(true);
    expect(world.socket.commands("media.offer")).toHaveLength(2);
  });
});
