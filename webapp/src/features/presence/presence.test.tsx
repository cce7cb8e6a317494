import type { PersonPresence } from "@offhook/sdk";
import { aPresence, aSnapshot, type FakeSurroundings } from "@offhook/sdk/fakes";
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openPage, PEOPLE } from "../../testing/page.tsx";

afterEach(() => {
  location.hash = "";
  vi.restoreAllMocks();
});

const seen = (user_id: string, change: Partial<PersonPresence> = {}): PersonPresence => ({
  user_id,
  state: "available",
  until: null,
  note: "",
  note_until: null,
  ...change,
});

function watching(world: FakeSurroundings) {
  world.socket.reply = (event, body) =>
    event === "presence.watch"
      ? { ok: true, presence: (body["user_ids"] as string[]).map((id) => seen(id)) }
      : { ok: true };
}

describe("colleagues", () => {
  it("show how they are seen, and follow it", async () => {
    location.hash = "#/people";
    const { world, server } = await openPage(watching);
    const berta = await screen.findByRole("button", { name: /Berta Schulz/ });
    await server(() => void world.clock.pass(200));
    expect(within(berta).getByText("Available")).toBeDefined();
    await server(() =>
      world.socket.serve("presence.changed", {
        presence: seen("user-2", { state: "away", note: "Lunch" }),
        own: null,
      }),
    );
    expect(within(berta).getByText("Away · Lunch")).toBeDefined();
    await server(() =>
      world.socket.serve("presence.changed", {
        presence: seen("user-2", { state: "unknown" }),
        own: null,
      }),
    );
    expect(within(berta).queryByText(/Away|Available/)).toBeNull();
  });

  it("by the thousand are drawn and watched only on the screen", async () => {
    location.hash = "#/people";
    vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(580);
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(58);
    const crowd = Array.from({ length: 2000 }, (_, i) => ({
      ...PEOPLE[1]!,
      user_id: `user-${i + 10}`,
      name: `Person ${String(i).padStart(4, "0")}`,
    }));
    const { world, server } = await openPage((w) => {
      watching(w);
      w.routes["GET /directory"] = () => ({
        status: 200,
        body: { items: crowd, next_cursor: null },
      });
    });
    await import("../people/ManyRows.tsx");
    await screen.findByRole("button", { name: /Person 0000/ });
    await server(() => void world.clock.pass(200));
    const rows = screen.getAllByRole("listitem");
    expect(rows.length).toBeLessThan(60);
    expect(rows[0]?.getAttribute("aria-setsize")).toBe("2000");
    const watched = world.socket.sent.filter(({ event }) => event === "presence.watch");
    expect((watched.at(-1)?.body["user_ids"] as string[]).length).toBeLessThan(60);
  });
});

describe("the own status", () => {
  it("is chosen with an end, and what others see is said", async () => {
    location.hash = "#/me";
    const asked: unknown[] = [];
    const { user } = await openPage((world) => {
      world.routes["PATCH /presence"] = (request) => {
        asked.push(request);
        const status = { value: "appear_offline" as const, until: null };
        return { status: 200, body: aPresence({ status, seen_as: "offline" }) };
      };
    });
    const panel = within(await screen.findByRole("region", { name: "Status" }));
    await user.click(panel.getByRole("radio", { name: "Appear offline" }));
    expect(asked).toHaveLength(1);
    expect(panel.getByText("Others see: Offline")).toBeDefined();
  });

  it("keeps an end that is set until another one is chosen", async () => {
    location.hash = "#/me";
    const asked: Record<string, unknown>[] = [];
    const until = new Date(Date.now() + 3 * 3600_000).toISOString();
    const presence = aPresence({
      status: { value: "away", until },
      note: { text: "Lunch", until },
    });
    const { user, world, server } = await openPage((w) => {
      w.routes["PATCH /presence"] = (request) => {
        asked.push(request as Record<string, unknown>);
        return { status: 200, body: presence };
      };
    });
    await server(() => world.socket.serve("snapshot", aSnapshot({ presence })));
    const panel = within(await screen.findByRole("region", { name: "Status" }));
    const save = panel.getByRole("button", { name: "Save" });
    const through = () => waitFor(() => expect(save.matches(":disabled")).toBe(false));
    await user.click(panel.getByRole("radio", { name: "Appear offline" }));
    await through();
    await user.click(save);
    await through();
    expect(asked).toEqual([
      { status: { value: "appear_offline", until } },
      { note: { text: "Lunch", until } },
    ]);
    const ends = panel.getByRole<HTMLSelectElement>("combobox", { name: "Show it" });
    expect(ends.selectedOptions[0]?.textContent).toMatch(/^until .*\d/);
    await user.selectOptions(ends, "until I end it");
    await user.click(save);
    await through();
    expect(asked.at(-1)).toEqual({ note: { text: "Lunch", until: null } });
    await user.selectOptions(panel.getByRole("combobox", { name: "Ends" }), "for 1 hour");
    const { status } = asked.at(-1) as { status: { value: string; until: string } };
    expect(status.value).toBe("away");
    expect(status.until < until).toBe(true);
  });

  it("gives do not disturb that runs another end", async () => {
    location.hash = "#/me";
    const asked: unknown[] = [];
    const quiet = { on: true, until: null, since: null, by: "pbx" as const, at_pbx: true };
    const presence = aPresence({ state: "do_not_disturb", do_not_disturb: quiet });
    const { user, world, server } = await openPage((w) => {
      w.routes["PATCH /presence"] = (request) => {
        asked.push(request);
        return { status: 200, body: presence };
      };
    });
    await server(() => world.socket.serve("snapshot", aSnapshot({ presence })));
    const panel = within(await screen.findByRole("region", { name: "Status" }));
    const ends = panel.getByRole<HTMLSelectElement>("combobox", { name: "For how long" });
    expect(ends.selectedOptions[0]?.textContent).toBe("until I end it");
    await user.selectOptions(ends, "for 1 hour");
    expect(asked).toEqual([{ do_not_disturb: { on: true, until: expect.any(String) as string } }]);
  });

  it("keeps the focus while a change is on its way, and takes no second one", async () => {
    location.hash = "#/me";
    const asked: unknown[] = [];
    let answer: () => void = () => undefined;
    const { user, server } = await openPage((world) => {
      world.routes["PATCH /presence"] = (request) => {
        asked.push(request);
        const after = new Promise<void>((resolve) => (answer = resolve));
        const status = { value: "away" as const, until: null };
        return { status: 200, body: aPresence({ status }), after };
      };
    });
    const panel = within(await screen.findByRole("region", { name: "Status" }));
    const away = panel.getByRole("radio", { name: "Away" });
    await user.click(away);
    expect(away.matches(":disabled")).toBe(false);
    await user.click(panel.getByRole("radio", { name: "Appear offline" }));
    await server(answer);
    expect(asked).toEqual([{ status: { value: "away", until: null } }]);
  });

  it("says why a change was refused", async () => {
    location.hash = "#/me";
    const { user } = await openPage((world) => {
      const body = { status: 503, code: "pbx_unreachable", title: "no" };
      world.routes["PATCH /presence"] = () => ({ status: 503, body });
    });
    const panel = within(await screen.findByRole("region", { name: "Status" }));
    await user.click(panel.getByRole("button", { name: "Turn on" }));
    expect((await panel.findByRole("alert")).textContent).toMatch(/does not answer now/);
  });

  it("not to be disturbed stands on every page and is ended by one click", async () => {
    const quiet = { on: true, until: null, since: null, by: "user" as const, at_pbx: true };
    const { world, user, server } = await openPage((w) => {
      w.routes["PATCH /presence"] = () => ({ status: 200, body: aPresence() });
    });
    const presence = aPresence({ state: "do_not_disturb", do_not_disturb: quiet });
    await server(() => world.socket.serve("snapshot", aSnapshot({ presence })));
    expect(screen.getByText("Do not disturb, with no end")).toBeDefined();
    expect(screen.getByText("You: Do not disturb")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "End it" }));
    expect(screen.queryByText("Do not disturb, with no end")).toBeNull();
  });
});

describe("who may see the status", () => {
  it("are people that the user ticks; nothing changes before it is saved", async () => {
    location.hash = "#/me";
    const asked: unknown[] = [];
    const { user } = await openPage((world) => {
      world.routes["PATCH /presence"] = (request) => {
        asked.push(request);
        const chosen = { who: "chosen" as const, user_ids: ["user-3"] };
        return { status: 200, body: aPresence({ visible_to: chosen }) };
      };
    });
    const panel = within(await screen.findByRole("region", { name: "Status" }));
    await user.selectOptions(panel.getByLabelText("Who may see this"), "chosen");
    const picker = within(
      await panel.findByRole("group", { name: "People who may see your status" }),
    );
    const save = picker.getByRole("button", { name: "Choose at least one" });
    expect(save.matches(":disabled")).toBe(true);
    await user.click(await picker.findByRole("checkbox", { name: "Bernd Schuster" }));
    expect(asked).toEqual([]);
    await user.click(picker.getByRole("button", { name: "Save: one person" }));
    expect(asked).toEqual([{ visible_to: { who: "chosen", user_ids: ["user-3"] } }]);
    await panel.findByText("One chosen colleague");
    await user.click(panel.getByRole("button", { name: "Choose people" }));
    const ticked = await panel.findByRole<HTMLInputElement>("checkbox", { name: "Bernd Schuster" });
    expect(ticked.checked).toBe(true);
    await user.keyboard("{Escape}");
    expect(panel.queryByRole("checkbox", { name: "Bernd Schuster" })).toBeNull();
  });
});
