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
  return { world, turn: new Turn(rest, session, platform.later), asked, answers };
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
