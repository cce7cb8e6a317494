import { describe, expect, it } from "vitest";
import { settle } from "../testing/clock.ts";
import { FakeSurroundings } from "../testing/fakePlatform.ts";
import { RestClient } from "./rest.ts";
import { Session } from "./session.ts";
import { Turn } from "./turn.ts";

async function setUp() {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  const platform = world.platform();
  const rest = new RestClient("", platform.fetch);
  const session = new Session({ rest, ...platform });
  await session.resume();
  const asked = () => world.requests.filter((r) => r.path === "/turn-credentials").length;
  const answers = (username: string, after?: Promise<void>) => {
    const body = { urls: ["turn:turn.example"], username, credential: "c", ttl: 600 };
    const answer = { status: 200, body };
    world.routes["POST /turn-credentials"] = () => (after ? { ...answer, after } : answer);
  };
  /** A machine that slept: its clock went on, its timers did not. */
  const sleep = { ms: 0 };
  const fresh: (string | undefined)[] = [];
  const turn: Turn = new Turn({
    rest,
    session,
    now: () => platform.now() + sleep.ms,
    later: platform.later,
    onFresh: () => fresh.push(turn.iceServers()[0]?.username),
    memory: platform.turnMemory,
  });
  return { world, turn, asked, answers, sleep, fresh };
}

describe("credentials of the relay", () => {
  it("are renewed at 80 % of their life", async () => {
    const { world, turn, asked } = await setUp();
    turn.start();
    await world.clock.pass(479_000);
    expect(asked()).toBe(1);
    await world.clock.pass(1_000);
    expect(asked()).toBe(2);
  });

  it("are those of the session that runs, though the last one's come late", async () => {
    const { world, turn, asked, answers } = await setUp();
    let arrive: () => void = () => undefined;
    answers("old", new Promise<void>((resolve) => (arrive = resolve)));
    turn.start();
    await settle();
    turn.stop();
    answers("new");
    turn.start();
    await settle();
    arrive();
    await settle();
    expect(turn.iceServers()[0]?.username).toBe("new");
    await world.clock.pass(480_000);
    expect(asked()).toBe(3); // one clock runs, not two
  });

  it("are told of once they are there", async () => {
    const { world, turn, fresh } = await setUp();
    turn.start();
    await settle();
    expect(fresh).toEqual(["u"]);
    await world.clock.pass(480_000);
    expect(fresh).toEqual(["u", "u"]);
  });

  it("are not used beyond their life", async () => {
    const { turn, sleep } = await setUp();
    turn.start();
    await settle();
    sleep.ms = 599_000;
    expect(turn.iceServers()).toHaveLength(1);
    sleep.ms = 600_000;
    expect(turn.iceServers()).toEqual([]);
  });

  it("are renewed after a sleep, when their time had come meanwhile", async () => {
    const { world, turn, asked, sleep } = await setUp();
    turn.start();
    turn.refresh(); // the question is out already
    await settle();
    turn.refresh();
    await settle();
    expect(asked()).toBe(1);
    sleep.ms = 480_000;
    turn.refresh();
    await settle();
    expect(asked()).toBe(2);
    await world.clock.pass(480_000);
    expect(asked()).toBe(3); // one clock runs, not two
    turn.stop();
    turn.refresh();
    await settle();
    expect(asked()).toBe(3);
  });

  it("are asked for again soon at first", async () => {
    const { world, turn, asked } = await setUp();
    world.routes["POST /turn-credentials"] = () => ({ status: 503, body: { code: "restarting" } });
    turn.start();
    const at: number[] = [];
    for (let second = 0; second <= 40; second += 1) {
      const before = second === 0 ? 0 : asked();
      await world.clock.pass(second === 0 ? 0 : 1_000);
      if (asked() > before) at.push(second);
    }
    expect(at).toEqual([0, 1, 3, 7, 37]);
  });

  it("are forgotten with the session, also those on their way", async () => {
    const { world, turn, answers } = await setUp();
    let arrive: () => void = () => undefined;
    answers("late", new Promise<void>((resolve) => (arrive = resolve)));
    turn.start();
    await settle();
    turn.stop();
    arrive();
    await settle();
    expect(turn.iceServers()).toEqual([]);
    expect(world.clock.waiting).toBe(0);
  });
});
