import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";

const ITEM = {
  id: "a1",
  source: "platform",
  kind: "maintenance",
  urgency: "scheduled",
  audience: "everyone",
  title: "Maintenance on Sunday",
  text: "<b>Calls</b> may be short of breath.",
  release: "",
  starts_at: "2030-01-06T02:00:00Z",
  ends_at: "2030-01-06T04:00:00Z",
  shown_from: "2030-01-01T00:00:00Z",
  shown_until: "2030-01-07T00:00:00Z",
  created_at: "2030-01-01T00:00:00Z",
  created_by: "",
  version: 1,
  compatibility: [],
};

it("shows what is announced, and what is put away stays away until it changes", async () => {
  let items = [ITEM];
  const { user, server, world } = await openPage((w) => {
    w.routes["GET /announcements"] = () => ({ status: 200, body: { items, next_cursor: null } });
  });
  await screen.findByText("Maintenance on Sunday");
  // Text is text, whatever is in it.
  expect(screen.getByText(/^<b>Calls<\/b>/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Close: Maintenance on Sunday" }));
  await waitFor(() => expect(screen.queryByText("Maintenance on Sunday")).toBeNull());
  items = [{ ...ITEM, version: 2, title: "Maintenance on Monday" }];
  await server(() => world.socket.serve("announcement.changed", {}));
  await screen.findByText("Maintenance on Monday");
});

it("asks for them in the language of the page", async () => {
  localStorage.setItem("offhook.language", "de");
  const { world } = await openPage((w) => {
    w.routes["GET /announcements"] = () => ({
      status: 200,
      body: { items: [ITEM], next_cursor: null },
    });
  });
  await screen.findByText("Maintenance on Sunday");
  const asked = world.requests.filter((one) => one.path.startsWith("/announcements"));
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked.map((one) => one.path))).toEqual(new Set(["/announcements?language=de"]));
});
