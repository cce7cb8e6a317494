import { describe, expect, it } from "vitest";
import type { PersonPresence } from "../api/types.ts";
import { Phone } from "../phone.ts";
import { aPresence, aSnapshot, FakeSurroundings, settle } from "../testing/index.ts";

const away = (user_id: string): PersonPresence => ({
  user_id,
  state: "away",
  until: null,
  note: "",
  note_until: null,
});

async function online() {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot());
  world.socket.reply = (event, body) =>
    event === "presence.watch"
      ? { ok: true, presence: (body["user_ids"] as string[]).map(away) }
      : { ok: true };
  const phone = new Phone(world.platform());
  await phone.start();
  await settle();
  const asked = () =>
    world.socket.sent
      .filter(({ event }) => event.startsWith("presence."))
      .map(({ event, body }) => [event, body["user_ids"]]);
  const pass = async (ms: number) => {
    await world.clock.pass(ms);
    await settle();
  };
  return { world, phone, asked, pass };
}

describe("presence", () => {
  it("asks once for all that came onto the screen", async () => {
    const { phone, asked, pass } = await online();
    const leave = phone.presence.watch(["a", "b"]);
    phone.presence.watch(["b", "c"]);
    await pass(100);
    expect(asked()).toEqual([["presence.watch", ["a", "b", "c"]]]);
    expect(phone.presence.people.get()["c"]?.state).toBe("away");
    leave();
    phone.presence.watch(["a"]);
    await pass(100);
    expect(asked()).toHaveLength(1);
  });

  it("lets go of those who left the screen when they have become many", async () => {
    const { phone, asked, pass } = await online();
    const many = Array.from({ length: 301 }, (_, i) => `user-${i}`);
    const leave = phone.presence.watch([...many, "stays"]);
    phone.presence.watch(["stays"]);
    await pass(100);
    leave();
    leave();
    await pass(100);
    expect(asked().slice(1)).toEqual([["presence.unwatch", many]]);
  });

  it("takes what the server tells, of others and of the user", async () => {
    const { phone, world } = await online();
    expect(phone.presence.own.get()?.state).toBe("available");
    world.socket.serve("presence.changed", {
      presence: { ...away("a"), state: "busy" },
      own: null,
    });
    expect(phone.presence.people.get()["a"]?.state).toBe("busy");
    expect(phone.presence.own.get()?.state).toBe("available");
    world.socket.serve("presence.changed", {
      presence: { ...away("user-1"), state: "offline" },
      own: aPresence({ seen_as: "offline" }),
    });
    expect(phone.presence.own.get()?.seen_as).toBe("offline");
  });

  it("watches anew after the connection was lost", async () => {
    const { phone, world, asked, pass } = await online();
    phone.presence.watch(["a"]);
    await pass(100);
    world.socket.disconnect();
    phone.presence.watch(["b"]);
    await pass(100);
    world.socket.connect();
    await pass(100);
    expect(asked().at(-1)).toEqual(["presence.watch", ["a", "b"]]);
  });

  it("asks again when it was told to wait", async () => {
    const { phone, world, asked, pass } = await online();
    const answer = world.socket.reply;
    const problem = { status: 429, code: "rate_limited", title: "", retry_after: 1 };
    world.socket.reply = () => ({ ok: false, problem });
    phone.presence.watch(["a"]);
    await pass(100);
    world.socket.reply = answer;
    phone.presence.watch(["b"]);
    await pass(999);
    expect(asked()).toHaveLength(1);
    await pass(1);
    expect(asked()[1]).toEqual(["presence.watch", ["a", "b"]]);
    expect(phone.presence.people.get()["a"]?.state).toBe("away");
  });

  it("splits what is more than the gateway takes at once", async () => {
    const { phone, asked, pass } = await online();
    phone.presence.watch(Array.from({ length: 2100 }, (_, i) => `user-${i}`));
    await pass(100);
    expect(asked().map(([, ids]) => (ids as string[]).length)).toEqual([1000, 1000, 100]);
  });

  it("forgets everybody at the end of the session", async () => {
    const { phone, pass } = await online();
    phone.presence.watch(["a"]);
    await pass(100);
    await phone.signOut();
    expect(phone.presence.people.get()).toEqual({});
    expect(phone.presence.own.get()).toBeNull();
  });
});
