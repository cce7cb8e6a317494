import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { aCall, aSnapshot } from "@offhook/sdk/fakes";
import { openPage, TALKING } from "../../testing/page.tsx";

const field = () => screen.getByRole("textbox", { name: "Name or number" });
const button = (name: string | RegExp) => screen.getByRole("button", { name });

describe("a call", () => {
  async function talking() {
    const page = await openPage();
    await page.user.type(field(), "102{Enter}");
    await page.server(() => page.world.peer.connect());
    await page.update(TALKING);
    return page;
  }

  it("shows name, time and what can be done, and says the name in the tab", async () => {
    await talking();
    expect(screen.getByRole("timer")).toBeTruthy();
    expect(document.title).toMatch(/^[\d:]+ Berta Schulz$/);
    expect(screen.queryByRole("button", { name: "Hold" })).toBeNull();
    expect(screen.getByText("No data yet")).toBeTruthy();
    expect(screen.getByText("Connected to Berta Schulz.")).toBeTruthy();
  });

  it("mutes by button and by key, with the state for screen readers", async () => {
    const { world, user, update } = await talking();
    await user.click(button("Mute"));
    expect(world.tracks[0]?.enabled).toBe(false);
    await update({ ...TALKING, muted: true, actions: ["hang_up", "unmute", "dtmf"] });
    expect(button("Muted").getAttribute("aria-pressed")).toBe("true");
    await user.keyboard("m");
    expect(world.socket.commands("unmute")).toHaveLength(1);
  });

  it("says why muting or a digit was refused, and shows what is true", async () => {
    const { world, user, server } = await talking();
    const problem = { status: 409, code: "not_now", title: "" };
    world.socket.reply = () => ({ ok: false, problem });
    const words = "This is not possible at the moment.";
    await user.click(button("Mute"));
    expect(await screen.findByText(words)).toBeTruthy();
    expect(button("Mute").getAttribute("aria-pressed")).toBe("false");
    expect(world.tracks[0]?.enabled).toBe(true);
    world.socket.reply = () => ({ ok: true });
    await user.click(button("Mute"));
    await waitFor(() => expect(screen.queryByText(words)).toBeNull());

    world.socket.reply = () => ({ ok: false, problem });
    await server(() => {
      const sender = world.peer.transceivers[0]?.sender;
      if (sender) sender.dtmf.canInsertDTMF = false;
    });
    await user.click(button("Keypad"));
    await user.keyboard("7");
    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.getByLabelText("Digits sent").textContent).toBe("");
  });

  it("is held and taken back by button and by key, and says who holds", async () => {
    const { world, user, update } = await talking();
    const actions = (last: "hold" | "retrieve") => ["hang_up", "mute", last] as const;
    const say = (hold: "none" | "local" | "remote" | "both", last: "hold" | "retrieve") =>
      update({ ...TALKING, hold, actions: [...actions(last)] });
    await say("none", "hold");
    await user.click(button("Hold"));
    expect(world.socket.commands("hold")).toMatchObject([{ call_id: "call-1" }]);
    await say("none", "retrieve");
    expect(screen.getByText(/Putting on hold/)).toBeTruthy();
    await say("local", "retrieve");
    expect(screen.getByText(/^[^.]*On hold/)).toBeTruthy();
    expect(screen.getByText(/is on hold\.$/)).toBeTruthy();
    await say("both", "retrieve");
    expect(screen.getByText(/On hold · .* put you on hold/)).toBeTruthy();
    await user.keyboard("h");
    expect(world.socket.commands("retrieve")).toHaveLength(1);
    await say("both", "hold");
    expect(screen.getByText(/Taking off hold/)).toBeTruthy();
    await say("remote", "hold");
    expect(screen.queryByText(/Taking off hold/)).toBeNull();
    expect(screen.getAllByText(/put you on hold/)).not.toHaveLength(0);
    expect(button("Hold")).toBeTruthy();
  });

  it("sends digits by keypad and keyboard, not while typing elsewhere", async () => {
    const { world, user } = await talking();
    await user.click(button("Keypad"));
    const pad = screen.getByRole("group", { name: "Keypad" });
    await user.click(within(pad).getByRole("button", { name: "5" }));
    await user.keyboard("7#");
    await user.type(field(), "9");
    const sender = world.peer.transceivers[0]?.sender;
    expect(sender?.dtmf.log.map(([tones]) => tones)).toEqual(["5", "57", "57#"]);
    expect(screen.getByLabelText("Digits sent").textContent).toBe("57#");
  });

  it("ends by button and by Shift+E, never by a letter typed somewhere", async () => {
    const { world, user } = await talking();
    await user.type(field(), "e");
    expect(world.socket.commands("hang_up")).toEqual([]);
    (document.activeElement as HTMLElement).blur();
    await user.keyboard("e");
    expect(world.socket.commands("hang_up")).toEqual([]);
    await user.keyboard("{Shift>}E{/Shift}");
    await waitFor(() => expect(world.socket.commands("hang_up")).toHaveLength(1));
  });

  it.each([
    [{ reason: "busy" } as const, "Berta Schulz is busy."],
    [{ reason: "no_answer" } as const, "Berta Schulz did not answer."],
    [{ reason: "declined" } as const, "Berta Schulz declined the call."],
    [
      { reason: "unreachable", words: "This number does not exist." } as const,
      "The number 102 does not exist.",
    ],
    [{ reason: "unreachable", words: null } as const, "Berta Schulz cannot be reached."],
    [{ reason: "blocked" } as const, "This number may not be called from your line."],
    [
      { reason: "not_held" } as const,
      "The phone system could not put your other call on hold, so this one was not placed.",
    ],
    [{ reason: "cancelled" } as const, "You ended the call before it was answered."],
  ])("ends in words: %o", async (change, words) => {
    const { user, end, world } = await openPage();
    await user.type(field(), "102{Enter}");
    await end(change);
    const card = screen.getByRole("article", { name: "Last call" });
    expect(within(card).getByText(words)).toBeTruthy();
    await user.click(within(card).getByRole("button", { name: "Call again" }));
    await waitFor(() => expect(world.socket.commands("dial")).toHaveLength(2));
  });

  it("says that it reconnects, inside the card, with the controls in place", async () => {
    const { world, server } = await talking();
    await server(() => world.peer.ice("disconnected"));
    await server(() => void world.clock.pass(100));
    expect((await screen.findAllByText(/Berta Schulz hears a notice/)).length).toBeGreaterThan(0);
    expect(button("Hang up")).toBeTruthy();
  });

  it("stays, with its notice and controls, while the socket cannot come back", async () => {
    const { world, server } = await talking();
    world.socket.reachable = false;
    await server(() => world.peer.ice("disconnected"));
    await server(() => void world.clock.pass(100));
    expect((await screen.findAllByText(/Berta Schulz hears a notice/)).length).toBeGreaterThan(0);
    expect(world.socket.connected).toBe(false);
    expect(button("Hang up")).toBeTruthy();
    expect(button("Mute")).toBeTruthy();
  });

  it("shows what the server says about it, also a code that it does not know", async () => {
    const { world, server } = await talking();
    const say = (code: string, words: string) =>
      server(() => world.socket.serve("notice", { call_id: "call-1", code, words, reason: null }));
    await say("line_silent", "No sound arrives from the other side.");
    expect(screen.getByText("No sound arrives from Berta Schulz.")).toBeTruthy();
    await say("media_refused", "");
    expect(screen.getByText("The sound of this call could not be set up anew.")).toBeTruthy();
    expect(screen.queryByText("No sound arrives from Berta Schulz.")).toBeNull();
    await say("something_new", "Words of a newer server.");
    expect(screen.getByText("Words of a newer server.")).toBeTruthy();
  });

  it("of another tab is controlled here, too, and can be brought here", async () => {
    const { world, user } = await openPage((w) => {
      w.carriedElsewhere.add("call-1");
      w.socket.onConnect = () => w.socket.serve("snapshot", aSnapshot({ calls: [aCall(TALKING)] }));
    });
    await user.click(button("Mute"));
    expect(world.socket.commands("mute")).toHaveLength(1);
    await user.click(button("Keypad"));
    await user.keyboard("5");
    expect(world.socket.commands("dtmf")).toMatchObject([{ digits: "5" }]);
    expect(world.peers).toEqual([]);
    await user.click(button("Bring it here"));
    await waitFor(() => expect(world.socket.commands("media.offer")).toHaveLength(1));
  });
});
