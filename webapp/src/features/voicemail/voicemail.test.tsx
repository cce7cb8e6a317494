import { aSnapshot } from "@offhook/sdk/fakes";
import { screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";

afterEach(() => {
  location.hash = "";
});

const inNavigation = () => within(screen.getByRole("navigation", { name: "Main" }));

describe("the voicemail lamp", () => {
  it("stands in the navigation while messages wait, with or without a number", async () => {
    const { world, server } = await openPage();
    expect(inNavigation().queryByText(/new message/)).toBeNull();
    const mwi = { waiting: true, new: 2, old: 0 };
    await server(() => world.socket.serve("mwi.changed", { mwi }));
    expect(inNavigation().getByText("2 new messages")).toBeDefined();
    const uncounted = { waiting: true, new: null, old: null };
    await server(() => world.socket.serve("mwi.changed", { mwi: uncounted }));
    expect(inNavigation().getByText("New messages")).toBeDefined();
    const off = { waiting: false, new: 0, old: 2 };
    await server(() => world.socket.serve("mwi.changed", { mwi: off }));
    expect(inNavigation().queryByText(/new message/i)).toBeNull();
  });

  it("says that nobody knows, rather than that there is nothing", async () => {
    location.hash = "#/voicemail";
    const { world, server } = await openPage();
    expect(await screen.findByText(/has not told yet/)).toBeDefined();
    const mwi = { waiting: false, new: 0, old: 3 };
    await server(() => world.socket.serve("mwi.changed", { mwi }));
    expect(screen.getByText("No new messages")).toBeDefined();
    expect(screen.getByText("3 kept")).toBeDefined();
    await server(() => world.socket.serve("snapshot", aSnapshot()));
    expect(screen.getByText(/has not told yet/)).toBeDefined();
  });
});
