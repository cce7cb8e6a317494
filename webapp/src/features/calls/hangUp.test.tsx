import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openPage, TALKING } from "../../testing/page.tsx";
import { layout } from "../../testing/setup.ts";

const REFUSED = "This is not possible at the moment.";

async function refused() {
  const page = await openPage();
  const { world, user } = page;
  await user.type(screen.getByRole("textbox", { name: "Name or number" }), "102{Enter}");
  await page.server(() => world.peer.connect());
  await page.update(TALKING);
  const problem = { status: 409, code: "not_now", title: "" };
  world.socket.reply = (event) => (event === "hang_up" ? { ok: false, problem } : { ok: true });
  return page;
}

it("says why a call cannot be ended, and that the microphone is on", async () => {
  const { world, user } = await refused();
  await user.click(screen.getByRole("button", { name: "Hang up" }));
  expect((await screen.findByText(REFUSED)).closest("[role=alert]")).toBeTruthy();
  expect(world.tracks[0]?.enabled).toBe(true);
  expect(screen.getByRole("button", { name: "Mute" })).toBeTruthy();
  world.socket.reply = () => ({ ok: true });
  await user.click(screen.getByRole("button", { name: "Hang up" }));
  await waitFor(() => expect(screen.queryByText(REFUSED)).toBeNull());
});

it("says so in the bar of the narrow window, too", async () => {
  layout.narrow = true;
  const { user } = await refused();
  location.hash = "/voicemail";
  await screen.findByTitle("Back to the call");
  await user.click(screen.getByRole("button", { name: "Hang up" }));
  expect(await screen.findByText(REFUSED)).toBeTruthy();
});
