import { expect, it } from "vitest";
import { aCall, aMe, aSnapshot } from "../testing/fakePlatform.ts";
import { signedIn, talking } from "../testing/signedIn.ts";
import { diagnosticBundle } from "./bundle.ts";
import { Recorder } from "./recorder.ts";

const page = { browser: "test" };

it("tells what happened, and no token, number, name or address unless it was chosen", async () => {
  const { phone, world, update, end } = await talking();
  const recorder = new Recorder(phone);
  update({ hold: "local", phase: "connected" });
  const bundle = await diagnosticBundle(phone, recorder, { withNumbers: false, page });
  const text = JSON.stringify(bundle);
  expect(text).toContain("connected local on device");
  expect(bundle["state"]).toMatchObject({ link: "online", session: "signed_in" });
  const secret = ["access", "Berta", '"102"', "anna@", "Anna", "101", "turn:", "credential"];
  for (const word of secret) expect(text, word).not.toContain(word);
  const whole = await diagnosticBundle(phone, recorder, { withNumbers: true, page });
  expect(JSON.stringify(whole["calls"])).toContain("Berta Schulz");
  end({ reason: "hung_up" });
  world.socket.drop();
  expect(recorder.entries.at(-1)).toMatchObject({ what: "link", now: "reconnecting" });
  expect(recorder.entries.map((entry) => entry.now)).toContain("ended hung_up");
});

it("keeps the newest when there is much to tell", async () => {
  const { phone, world } = await signedIn();
  const recorder = new Recorder(phone);
  for (let i = 0; i < 400; i += 1) {
    const calls = [aCall({ id: `call-${i}` })];
    world.socket.serve("snapshot", aSnapshot({ me: aMe(), calls }));
  }
  expect(recorder.entries).toHaveLength(300);
  expect(recorder.entries.map((entry) => entry.what)).toContain("call call-399");
});
