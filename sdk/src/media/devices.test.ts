import { expect, it } from "vitest";
import { settle } from "../testing/clock.ts";
import { signedIn, talking } from "../testing/signedIn.ts";
import { aMe, aSnapshot } from "../testing/fakePlatform.ts";

const HEADSET = ["Headset/in", "Headset/out", "Speakers/out", "Built-in/in"] as const;

it("uses the chosen devices, and the system's own while they are unplugged", async () => {
  const { phone, world } = await signedIn();
  world.devices.plug(...HEADSET);
  await settle();
  phone.audio.choose("microphone", "Headset-id");
  phone.audio.choose("ring", "Speakers-id");
  expect(phone.audio.used.get()).toEqual({
    microphone: "Headset-id",
    output: "",
    ring: "Speakers-id",
  });
  world.devices.plug("Built-in/in", "Speakers/out");
  await settle();
  expect(phone.audio.used.get().microphone).toBe("");
  expect(phone.audio.isHere("microphone")).toBe(false);
  world.devices.plug(...HEADSET);
  await settle();
  expect(phone.audio.used.get().microphone).toBe("Headset-id");
});

it("keeps the choice on this device, and knows a device by its name when its id is new", async () => {
  const first = await signedIn();
  first.world.devices.plug(...HEADSET);
  await settle();
  first.phone.audio.choose("microphone", "Headset-id");
  const kept = JSON.parse(first.world.audioChoice ?? "") as { microphone: { id: string } };
  kept.microphone.id = "an-id-of-yesterday";
  const { phone, world } = await signedIn((w) => (w.audioChoice = JSON.stringify(kept)));
  expect(phone.audio.used.get().microphone).toBe("an-id-of-yesterday");
  world.devices.plug(...HEADSET);
  await settle();
  expect(phone.audio.used.get().microphone).toBe("Headset-id");
});

it("takes a broken memory for none", async () => {
  for (const text of ["{", "null", '{"microphone":7}', '{"ring":{"id":1}}']) {
    const { phone } = await signedIn((w) => (w.audioChoice = text));
    expect(phone.audio.used.get()).toEqual({ microphone: "", output: "", ring: "" });
  }
});

it("asks for the chosen microphone, and changes it in a running call", async () => {
  const { phone, world } = await talking((w) => w.devices.plug(...HEADSET));
  const before = world.tracks.at(-1);
  expect(world.askedFor.at(-1)).not.toHaveProperty("deviceId");
  phone.audio.choose("microphone", "Headset-id");
  await settle();
  expect(world.askedFor.at(-1)).toMatchObject({ deviceId: "Headset-id" });
  expect(before?.stopped).toBe(true);
  expect(world.tracks.at(-1)?.stopped).toBe(false);
  expect(world.peer.transceivers[0]?.sender.track).toBe(world.tracks.at(-1));
});

it("keeps the old microphone when the new one cannot be opened", async () => {
  const { phone, world } = await talking((w) => w.devices.plug(...HEADSET));
  world.microphoneError = "NotReadableError";
  phone.audio.choose("microphone", "Headset-id");
  await settle();
  expect(world.tracks.at(-1)?.stopped).toBe(false);
});

it("offers no output where the browser cannot choose one", async () => {
  const { phone, world } = await signedIn((w) => (w.canChooseOutput = false));
  world.devices.plug(...HEADSET);
  await settle();
  phone.audio.choose("output", "Speakers-id");
  expect(phone.audio.used.get().output).toBe("");
});

it("follows settings of other devices, and mends a change that crossed another", async () => {
  const { phone, world } = await signedIn();
  expect(phone.settings.view.get()?.settings.ring_volume).toBe(80);
  const puts: unknown[] = [];
  const settings = { theme: "dark", language: "", ring_volume: 80, notifications: true } as const;
  world.routes["PUT /me/settings"] = (body) => {
    puts.push(body);
    return puts.length === 1
      ? { status: 412, body: { code: "changed_meanwhile", title: "" } }
      : { status: 200, body: { settings: body, version: 3 } };
  };
  world.routes["GET /me/settings"] = () => ({ status: 200, body: { settings, version: 2 } });
  await phone.settings.change({ ring_volume: 30 });
  expect(puts.at(-1)).toEqual({ ...settings, ring_volume: 30 });
  world.socket.serve("settings.changed", { settings: { settings, version: 1 } });
  expect(phone.settings.view.get()?.settings.ring_volume).toBe(30);
  const late = aMe({ settings: { settings, version: 9 } });
  world.socket.serve("snapshot", aSnapshot({ me: late }));
  expect(phone.settings.view.get()?.settings.theme).toBe("dark");
  await phone.signOut();
  expect(phone.settings.view.get()).toBeNull();
});
