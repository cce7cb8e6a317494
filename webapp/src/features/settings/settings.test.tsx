import { aMe, aSnapshot } from "@offhook/sdk/fakes";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";

const DEFAULTS = { theme: "system", language: "", ring_volume: 80, notifications: true } as const;

async function settings(prepare: Parameters<typeof openPage>[0] = () => undefined) {
  location.hash = "#/settings";
  const puts: unknown[] = [];
  const page = await openPage((world) => {
    world.devices.plug("Headset/in", "Headset/out", "Speakers/out");
    world.routes["PUT /me/settings"] = (body) => {
      puts.push(body);
      return { status: 200, body: { settings: body, version: puts.length + 1 } };
    };
    prepare(world);
  });
  await screen.findByRole("heading", { name: "Settings", level: 1 });
  return { ...page, puts };
}

afterEach(() => {
  delete document.documentElement.dataset["theme"];
});

it("chooses microphone, output and ring for this browser, and remembers it here only", async () => {
  const { user, phone, puts, world } = await settings();
  await user.selectOptions(screen.getByLabelText("Microphone"), "Headset");
  await user.selectOptions(screen.getByLabelText("Calls are heard on"), "Headset");
  await user.selectOptions(screen.getByLabelText("It rings on"), "Speakers");
  expect(phone.audio.used.get()).toEqual({
    microphone: "Headset-id",
    output: "Headset-id",
    ring: "Speakers-id",
  });
  expect(world.audioChoice).toContain("Speakers");
  expect(puts).toEqual([]);
});

it("says when a chosen device is unplugged, and keeps the choice", async () => {
  const { user, world, server } = await settings();
  const field = screen.getByLabelText<HTMLSelectElement>("Microphone");
  await user.selectOptions(field, "Headset");
  await server(() => world.devices.plug("Speakers/out"));
  await screen.findByText("Headset is not plugged in. Until it is back, the system’s own is used.");
  expect(field.selectedOptions[0]?.text).toBe("Headset");
  await server(() => world.devices.plug("Headset/in"));
  await waitFor(() => expect(screen.queryByText(/not plugged in/)).toBeNull());
});

it("says in plain words where the browser cannot choose an output", async () => {
  await settings((world) => (world.canChooseOutput = false));
  expect(screen.getByText(/where your system plays all sound/)).toBeTruthy();
  expect(screen.queryByLabelText("It rings on")).toBeNull();
  expect(screen.getByLabelText("Microphone")).toBeTruthy();
});

it("keeps theme and language at the server, shown at once and without a reload", async () => {
  const { user, puts } = await settings();
  await user.selectOptions(screen.getByLabelText("Colours"), "Dark");
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  await user.selectOptions(screen.getByLabelText("Language"), "Català");
  await screen.findByRole("heading", { name: "Configuració", level: 1 });
  await waitFor(() =>
    expect(puts).toEqual([
      { ...DEFAULTS, theme: "dark" },
      { ...DEFAULTS, theme: "dark", language: "ca" },
    ]),
  );
  expect(document.documentElement.lang).toBe("ca");
});

it("follows what another device changed", async () => {
  const { server, world } = await settings();
  const settingsThere = { ...DEFAULTS, theme: "light", language: "nl" } as const;
  await server(() =>
    world.socket.serve("settings.changed", { settings: { settings: settingsThere, version: 5 } }),
  );
  await screen.findByRole("heading", { name: "Instellingen", level: 1 });
  expect(document.documentElement.dataset["theme"]).toBe("light");
});

it("takes the user's language with them to a browser that speaks another", async () => {
  const mine = { settings: { ...DEFAULTS, language: "fr" }, version: 3 };
  location.hash = "#/me";
  await openPage((world) => {
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ me: aMe({ settings: mine }) }));
  });
  await screen.findByRole("heading", { name: "Moi", level: 1 });
});

it("sends the volume of the ring when the handle is let go", async () => {
  const { user, puts } = await settings();
  const slider = screen.getByLabelText<HTMLInputElement>(/Volume of the ring: 80/);
  act(() => slider.focus());
  fireEvent.change(slider, { target: { value: "30" } });
  fireEvent.change(slider, { target: { value: "25" } });
  expect(puts).toEqual([]);
  await user.tab();
  await waitFor(() => expect(puts).toEqual([{ ...DEFAULTS, ring_volume: 25 }]));
});

it("says why the self-test cannot begin", async () => {
  const { user } = await settings((world) => (world.microphoneError = "NotAllowedError"));
  await user.click(screen.getByRole("button", { name: "Start the test" }));
  await screen.findByText(/Allow it in the address bar, then try again/);
  expect(screen.getByRole("button", { name: "Start the test" })).toBeTruthy();
});

it("shows no notice of the system to who wants none", async () => {
  const { user, puts } = await settings();
  const box = screen.getByLabelText<HTMLInputElement>(/behind other windows/);
  expect(box.checked).toBe(true);
  await user.click(box);
  await waitFor(() => expect(puts).toEqual([{ ...DEFAULTS, notifications: false }]));
  await waitFor(() => expect(box.checked).toBe(false));
});
