import type { EntryDetails } from "@offhook/sdk";
import { settle } from "@offhook/sdk/fakes";
import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { anEntry, openPage } from "../../testing/page.tsx";
import { removals } from "./removals.ts";

beforeEach(() => {
  location.hash = "#/recents";
});
afterEach(() => {
  location.hash = "";
});

const button = (name: string | RegExp) => screen.getByRole("button", { name });

async function history(names: readonly string[]) {
  let items = names.map((name, i) => anEntry({ id: `entry-${i}`, name }));
  const deleted: string[] = [];
  const page = await openPage((world) => {
    world.routes["GET /journal"] = () => ({
      status: 200,
      body: { items, next_cursor: null, unread: 0 },
    });
    for (const { id } of items) {
      world.routes[`DELETE /journal/${id}`] = () => {
        deleted.push(id);
        items = items.filter((item) => item.id !== id);
        return { status: 204 };
      };
    }
    world.routes["DELETE /journal"] = () => {
      deleted.push("all");
      items = [];
      return { status: 204 };
    };
  });
  const region = within(await screen.findByRole("region", { name: "Recents" }));
  await region.findByText(names[0] ?? "");
  return { ...page, region, deleted };
}

describe("deleting entries", () => {
  it("can be taken back; the server hears of it only afterwards", async () => {
    const { user, region, deleted } = await history(["Berta Schulz", "Carla Lang"]);
    await user.click(region.getAllByRole("button", { name: "Delete this entry" })[0]!);
    await waitFor(() => expect(region.queryByText("Berta Schulz")).toBeNull());
    await user.click(region.getAllByRole("button", { name: "Delete this entry" })[0]!);
    expect(region.getByText("2 entries deleted.").closest("[role=status]")).toBeTruthy();
    await user.click(button("Undo"));
    expect(region.getByText("Berta Schulz")).toBeTruthy();
    expect(region.getByText("Carla Lang")).toBeTruthy();
    expect(deleted).toEqual([]);

    await user.click(region.getAllByRole("button", { name: "Delete this entry" })[1]!);
    await act(() => removals.flush());
    expect(deleted).toEqual(["entry-1"]);
    expect(region.queryByText("Carla Lang")).toBeNull();
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });

  it("gives the focus to the way back, and sends the deletion when the page is left", async () => {
    const { user, region, deleted } = await history(["Berta Schulz"]);
    region.getByRole("button", { name: "Delete this entry" }).focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(document.activeElement).toBe(button("Undo")));
    await act(async () => {
      window.dispatchEvent(new Event("pagehide"));
    });
    await waitFor(() => expect(deleted).toEqual(["entry-0"]));
  });

  it("is sent before the user signs out, who does not wait for an answer that hangs", async () => {
    const { world, user, phone, region } = await history(["Berta Schulz"]);
    let answer: () => void = () => undefined;
    world.routes["DELETE /journal/entry-0"] = () => ({
      status: 503,
      body: { status: 503, code: "busy", title: "" },
      after: new Promise<void>((done) => (answer = done)),
    });
    await user.click(region.getByRole("button", { name: "Delete this entry" }));
    location.hash = "#/me";
    const leave = await screen.findByRole("button", { name: "Sign out" });
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      await user.click(leave);
      await act(() => vi.advanceTimersByTimeAsync(1_000));
    } finally {
      vi.useRealTimers();
    }
    expect(phone.session.state.get().kind).toBe("signed_out");
    const sent = world.requests.map(({ method, path }) => `${method} ${path}`);
    expect(sent.indexOf("POST /auth/logout")).toBeGreaterThan(
      sent.indexOf("DELETE /journal/entry-0"),
    );
    expect(sent).toContain("DELETE /journal/entry-0");
    await act(async () => {
      answer();
      await settle();
    });
    expect(removals.problem.get()).toBeNull();
  });

  it("shows the entry again when the server refuses, and says why", async () => {
    const { world, user, region } = await history(["Berta Schulz"]);
    world.routes["DELETE /journal/entry-0"] = () => ({
      status: 503,
      body: { status: 503, code: "busy", title: "" },
    });
    await user.click(region.getByRole("button", { name: "Delete this entry" }));
    await act(() => removals.flush());
    expect(region.getByText("Berta Schulz")).toBeTruthy();
    expect(region.getByRole("alert").textContent).toMatch(/too much to do/);
    await user.click(region.getByRole("button", { name: "Close" }));
    expect(region.queryByRole("alert")).toBeNull();
  });

  it("that somebody else was quicker with counts as done", async () => {
    const { world, user, region } = await history(["Berta Schulz"]);
    world.routes["DELETE /journal/entry-0"] = () => ({
      status: 404,
      body: { status: 404, code: "entry_unknown", title: "" },
    });
    await user.click(region.getByRole("button", { name: "Delete this entry" }));
    await act(() => removals.flush());
    expect(region.queryByRole("alert")).toBeNull();
  });

  it("of all of them takes back what could still be undone", async () => {
    const { user, region, deleted } = await history(["Berta Schulz", "Carla Lang"]);
    await user.click(region.getAllByRole("button", { name: "Delete this entry" })[0]!);
    await user.click(region.getByRole("button", { name: "Delete all" }));
    await user.click(await screen.findByRole("button", { name: "Delete everything" }));
    await screen.findByText("No calls yet.");
    await waitFor(() => expect(screen.queryByRole("button", { name: "Undo" })).toBeNull());
    await act(() => removals.flush());
    expect(deleted).toEqual(["all"]);
  });

  it("of all of them asks first, and says what it touches", async () => {
    const { user, region, deleted } = await history(["Berta Schulz"]);
    await user.click(region.getByRole("button", { name: "Delete all" }));
    const dialog = within(await screen.findByRole("alertdialog"));
    expect(dialog.getByText(/on all your devices. This cannot be undone/)).toBeTruthy();
    await user.click(dialog.getByRole("button", { name: "Keep it" }));
    expect(deleted).toEqual([]);
    await user.click(region.getByRole("button", { name: "Delete all" }));
    await user.click(await screen.findByRole("button", { name: "Delete everything" }));
    await screen.findByText("No calls yet.");
    expect(deleted).toEqual(["all"]);
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });
});

it("tells why each device rang or did not", async () => {
  const { world, user, region } = await history(["Berta Schulz"]);
  const device = (id: string, name: string | null) => ({ id, name, kind: "web" as const });
  const at = "2026-01-02T10:00:00Z";
  const details: EntryDetails = {
    entry: anEntry({ id: "entry-0", original_called: "Sales" }),
    trail: [
      { at, code: "rang", device: device("device-1", "Firefox"), detail: "" },
      { at, code: "rings_later", device: device("d2", "Notebook"), detail: "10" },
      { at, code: "not_connected", device: device("d3", null), detail: "" },
      { at, code: "busy", device: null, detail: "" },
    ],
  };
  world.routes["GET /journal/entry-0"] = () => ({ status: 200, body: details });
  const opener = region.getByRole("button", { name: "Details of this call" });
  await user.click(opener);
  const trail = within(await region.findByRole("list", { name: "What rang, and what did not" }));
  expect(
    trail.getAllByRole("listitem").map((row) => row.querySelector("span")?.textContent),
  ).toEqual([
    "This browser: rang",
    "Notebook: was to ring after 10 s, your desk phone first",
    "A device that was removed since: was signed in, but not connected",
    "Your apps: did not ring, because you were on a call and want no second one",
  ]);
  await user.click(region.getByRole("button", { name: "Hide details" }));
  expect(region.queryByText("This browser: rang")).toBeNull();
});
