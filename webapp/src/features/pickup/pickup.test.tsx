import type { Pickup } from "@offhook/sdk";
import { aCall, aSnapshot } from "@offhook/sdk/fakes";
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";

afterEach(() => {
  location.hash = "";
});

const party = (name: string | null, number: string) => ({
  name,
  number: { dialled: number, canonical: number, display: number },
});
const RINGS: Pickup = {
  id: "p-1",
  from: party(null, "030555"),
  for: party("Berta Schulz", "102"),
  group: "Sales",
};
const CAUGHT = aCall({ id: "caught", remote: party(null, "030555") });
const button = (name: string | RegExp) => screen.getByRole("button", { name });

const offered = (offers: ("pickup" | "unpark")[] = ["pickup"], pickups: Pickup[] = []) =>
  openPage((world) => {
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ offers, pickups }));
    world.socket.reply = () => ({ ok: true, call: CAUGHT });
  });

describe("a colleague's phone that rings", () => {
  it("is offered quietly while it rings, and taken with one click", async () => {
    const { world, user, server } = await offered();
    await server(() => world.socket.serve("pickup.offer", RINGS));
    await server(() => world.socket.serve("pickup.offer", RINGS)); // more is known: the same card
    const card = screen.getByText(/Berta Schulz: the phone rings, 030555 is calling · group Sales/);
    expect(card.closest("[role=status]")).toBeTruthy();
    await user.click(button("Pick up for Berta Schulz: 030555"));
    expect(world.socket.commands("pickup")).toMatchObject([{ id: "p-1" }]);
    expect(await screen.findByRole("heading", { level: 1, name: "030555" })).toBeTruthy();
    await server(() => world.socket.serve("pickup.gone", { id: "p-1" }));
    expect(screen.queryByText(/the phone rings/)).toBeNull();
  });

  it("stands beside that person in the list", async () => {
    location.hash = "#/people";
    const { world, user } = await offered(["pickup"], [RINGS]);
    const people = await screen.findByRole("region", { name: "People" });
    await within(people).findByText("Berta Schulz");
    expect(within(people).getAllByRole("button", { name: /^Pick up/ })).toHaveLength(1);
    await user.click(within(people).getByRole("button", { name: /^Pick up/ }));
    expect(world.socket.commands("pickup")).toMatchObject([{ id: "p-1" }]);
  });

  it("can be named by its number, where the phone system offers that", async () => {
    const { world, user, server } = await offered();
    await user.keyboard("104");
    await user.click(await screen.findByRole("button", { name: "Pick up what rings at 104" }));
    expect(world.socket.commands("pickup")).toMatchObject([{ number: "104" }]);
    await server(() => world.socket.serve("offers.changed", { offers: [] }));
    await user.click(screen.getByRole("textbox", { name: "Name or number" }));
    await user.keyboard("104");
    expect(screen.queryByRole("button", { name: /Pick up what/ })).toBeNull();
  });

  it("that stopped meanwhile says so", async () => {
    const { world, user } = await offered(["pickup"], [RINGS]);
    world.socket.reply = () => ({
      ok: false,
      problem: { status: 404, code: "pickup_unknown", title: "" },
    });
    await user.click(button(/^Pick up for/));
    await waitFor(() =>
      expect(screen.getByText("This call does not ring there any more.")).toBeTruthy(),
    );
  });
});
