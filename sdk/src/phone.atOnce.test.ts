import { expect, it } from "vitest";
import { Phone } from "./phone.ts";
import { settle } from "./testing/clock.ts";
import { aCall, aSnapshot, FakeSurroundings } from "./testing/fakePlatform.ts";

async function signedIn() {
  const world = new FakeSurroundings();
  world.deviceId = "device-1";
  world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot());
  world.socket.reply = (event) => (event === "dial" ? { ok: true, call: aCall() } : { ok: true });
  const phone = new Phone(world.platform());
  await phone.start();
  await settle();
  world.lead();
  return { world, phone };
}

// Whatever is awaited before the command gives the page a turn to draw, which takes longer than
// the command's whole way to the phone system.

it("dials within the click itself", async () => {
  const { world, phone } = await signedIn();
  const call = phone.dial("102");
  expect(world.socket.commands("dial")).toMatchObject([{ to: "102" }]);
  expect((await call).id).toBe("call-1");
});

it("answers within the click itself", async () => {
  const { world, phone } = await signedIn();
  const call = aCall({ id: "in-1", direction: "in", phase: "ringing_in", device_id: null });
  world.socket.serve("ring.offer", { call, lease_ms: 6000, auto_answer_ms: null });
  await settle();
  const answered = phone.answer("in-1");
  expect(world.socket.commands("answer")).toMatchObject([{ call_id: "in-1" }]);
  await answered;
});
