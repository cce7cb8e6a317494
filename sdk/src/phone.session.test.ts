import { describe, expect, it } from "vitest";
import { Phone } from "./phone.ts";
import { settle } from "./testing/clock.ts";
import { aSnapshot, FakeSurroundings } from "./testing/fakePlatform.ts";

async function online() {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  const { socket } = world;
  const on = socket.on.bind(socket);
  let onError: (error: Error) => void = () => undefined;
  socket.on = (event, handler) => {
    if (event === "connect_error") onError = handler as typeof onError;
    on(event, handler);
  };
  socket.onConnect = () => socket.serve("snapshot", aSnapshot());
  const phone = new Phone(world.platform());
  await phone.start();
  await settle();
  /** The server says no to CONNECT, in its own form. */
  const refuse = async (problem: { status: number; code: string; retry_after?: number }) => {
    onError(Object.assign(new Error(problem.code), { data: problem }));
    await settle();
  };
  const asked = (path: string) => world.requests.filter((r) => r.path === path).length;
  return { world, phone, refuse, asked };
}

describe("a refused CONNECT", () => {
  it("is tried again when the token could not be renewed for want of a network", async () => {
    const { world, phone, refuse } = await online();
    world.socket.drop();
    world.offline = true;
    await refuse({ status: 401, code: "token_refused" });
    expect(phone.link.get()).toBe("reconnecting");
    world.offline = false;
    await world.clock.pass(500);
    expect(phone.link.get()).toBe("online");
  });

  it("is tried ever more slowly, without a new token where the token is not at fault", async () => {
    const { world, phone, refuse, asked } = await online();
    const refreshes = asked("/auth/refresh");
    world.socket.reachable = false;
    world.socket.drop();
    const waits: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      await refuse({ status: 429, code: "too_many_sockets" });
      const before = { connects: world.socket.connects, at: world.clock.now() };
      while (world.socket.connects === before.connects) await world.clock.pass(500);
      waits.push(world.clock.now() - before.at);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(asked("/auth/refresh")).toBe(refreshes);

    await refuse({ status: 429, code: "too_many_sockets" });
    world.socket.reachable = true;
    await world.clock.pass(30_000);
    expect(phone.link.get()).toBe("online");
    world.socket.drop();
    await refuse({ status: 503, code: "restarting" });
    await world.clock.pass(500);
    expect(phone.link.get()).toBe("online");
  });

  it("waits as long as the server asks for", async () => {
    const { world, refuse } = await online();
    world.socket.drop();
    await refuse({ status: 503, code: "restarting", retry_after: 3 });
    await world.clock.pass(2_999);
    expect(world.socket.connects).toBe(1);
    await world.clock.pass(1);
    expect(world.socket.connects).toBe(2);
  });

  it("is not tried again once the session is over", async () => {
    const { world, phone, refuse } = await online();
    world.routes["POST /auth/refresh"] = () => ({ status: 401, body: { code: "session_revoked" } });
    world.socket.drop();
    await refuse({ status: 401, code: "token_refused" });
    await world.clock.pass(120_000);
    expect(phone.link.get()).toBe("closed");
    expect(world.socket.connects).toBe(1);
  });
});
