import { ProblemError } from "../api/problem.ts";
import type { Call, ServerEvents } from "../api/types.ts";
import { Phone } from "../phone.ts";
import { settle } from "./clock.ts";
import { aCall, aSnapshot, FakeSurroundings } from "./fakePlatform.ts";

export const incoming = aCall({
  id: "in-1",
  direction: "in",
  phase: "ringing_in",
  device_id: null,
  actions: ["answer", "decline", "silence"],
});

/** A phone that is signed in and online, and the server in the test's hand. */
export async function signedIn(prepare: (world: FakeSurroundings) => void = () => undefined) {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot());
  world.socket.reply = (event) => (event === "dial" ? { ok: true, call: aCall() } : { ok: true });
  prepare(world);
  const phone = new Phone(world.platform());
  await phone.start();
  await settle();
  world.lead();
  const events = {
    ring: () =>
      world.socket.serve("ring.offer", { call: incoming, lease_ms: 6000, auto_answer_ms: null }),
    update: (change: Partial<Call>, call = aCall()) =>
      world.socket.serve("call.updated", { call: { ...call, ...change } }),
    end: (change: Partial<Call>, call = aCall()) =>
      world.socket.serve("call.ended", { call: { ...call, phase: "ended", ...change } }),
    stop: (change: Partial<ServerEvents["ring.stop"]> = {}) =>
      world.socket.serve("ring.stop", {
        call_id: "in-1",
        reason: "cancelled",
        by: null,
        ...change,
      }),
  };
  return { world, phone, ...events };
}

/** An outgoing call that was answered, with its audio up. */
export async function talking(prepare?: (world: FakeSurroundings) => void) {
  const set = await signedIn(prepare);
  await set.phone.dial("102");
  await settle();
  set.world.peer.connect();
  set.update({ phase: "connected", answered_at: "2026-01-02T10:00:05Z" });
  return set;
}

/** A new connection finds the call as it is. */
export function keepsTheCall(world: FakeSurroundings): void {
  const calls = [aCall({ phase: "connected" })];
  world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ calls }));
}

export const code = async (work: Promise<unknown>) =>
  work.then(
    () => "no error",
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );
