import { aCall, aSnapshot } from "@offhook/sdk/fakes";
import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { openPage, TALKING } from "../../testing/page.tsx";

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const BERTA = aCall({ ...TALKING, actions: ["hang_up", "transfer", "park"] });

it("is done in the transfer panel; who waits is shown, and fetched with one click", async () => {
  const { world, user, end, update } = await openPage((w) => {
    w.socket.onConnect = () =>
      w.socket.serve("snapshot", aSnapshot({ calls: [BERTA], offers: ["park", "unpark"] }));
  });
  await user.click(button("Transfer"));
  await user.click(await screen.findByRole("button", { name: "Park instead" }));
  await user.keyboard("a7{Enter}");
  expect(world.socket.commands("park")).toMatchObject([{ call_id: "call-1", slot: "7" }]);
  const transfer = {
    to: { name: null, number: { dialled: "7", canonical: "7", display: "7" } },
    with: null,
  };
  await update({ transfer }, BERTA);
  expect(screen.getByText("Parking Berta Schulz at place 7…")).toBeTruthy();
  await end({ reason: "transferred", transfer }, BERTA);
  expect(screen.getByText(/^Berta Schulz waits at place 7 since/)).toBeTruthy();
  expect(screen.queryByText(/has taken over/)).toBeNull();

  world.socket.reply = () => ({ ok: true, call: aCall({ id: "back" }) });
  await user.click(button("Fetch Berta Schulz"));
  expect(world.socket.commands("unpark")).toMatchObject([{ slot: "7" }]);
  expect(screen.queryByText(/waits at place 7/)).toBeNull();
});

it("of another phone is fetched by its place; a refused parking is not remembered", async () => {
  const { world, user, end, server } = await openPage((w) => {
    w.socket.onConnect = () =>
      w.socket.serve("snapshot", aSnapshot({ calls: [BERTA], offers: ["park", "unpark"] }));
  });
  await user.click(button("Transfer"));
  await user.click(await screen.findByRole("button", { name: "Park instead" }));
  await user.keyboard("7{Enter}");
  await end({ reason: "hung_up" }, BERTA);
  expect(screen.queryByText(/waits at place/)).toBeNull();

  world.socket.reply = () => ({ ok: true, call: aCall({ id: "back" }) });
  await user.click(button("Fetch a parked call"));
  const place = screen.getByLabelText("Place (digits)");
  await user.type(place, "12{Enter}");
  expect(world.socket.commands("unpark")).toMatchObject([{ slot: "12" }]);
  await server(() => world.socket.serve("offers.changed", { offers: [] }));
  expect(within(document.body).queryByRole("button", { name: "Fetch a parked call" })).toBeNull();
});

it("that was refused says nothing about the transfer that follows it", async () => {
  const { world, user, server, end, update } = await openPage((w) => {
    w.socket.onConnect = () =>
      w.socket.serve("snapshot", aSnapshot({ calls: [BERTA], offers: ["park", "unpark"] }));
  });
  await user.click(button("Transfer"));
  await user.click(await screen.findByRole("button", { name: "Park instead" }));
  await user.keyboard("8{Enter}");
  const refused = { call_id: "call-1", code: "park_refused", words: "", reason: null };
  await server(() => world.socket.serve("notice", refused));
  const transfer = {
    to: { name: "Carla", number: { dialled: "103", canonical: "103", display: "103" } },
    with: null,
  };
  await update({ transfer }, BERTA);
  expect(screen.queryByText(/^Parking/)).toBeNull();
  await end({ reason: "transferred", transfer }, BERTA);
  expect(screen.queryByText(/waits at place/)).toBeNull();
  expect(screen.getAllByText(/Carla has taken over/)).not.toEqual([]);
});
