import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { INCOMING, openPage, TALKING } from "../../testing/page.tsx";

const field = () => screen.getByRole("textbox", { name: "Name or number" });

describe("an incoming call", () => {
  const slot = () => screen.getByRole("region", { name: "Incoming call" });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 320));

  it("has a place of its own, is announced, and is answered", async () => {
    const { world, user, ring } = await openPage();
    await ring();
    expect(within(slot()).getByText("Carla Lang")).toBeTruthy();
    expect(screen.getByText("Incoming call: Carla Lang").getAttribute("role")).toBe("alert");
    expect(document.title).toBe("Carla Lang is calling");
    await settled();
    await user.click(within(slot()).getByRole("button", { name: "Answer" }));
    await waitFor(() => expect(world.socket.commands("answer")).toHaveLength(1));
  });

  it("says for whom it was and who sent it on", async () => {
    const { ring, update } = await openPage();
    await ring();
    await update({ diverted_by: "Berta Schulz", original_called: "Sales" }, INCOMING);
    expect(within(slot()).getByText("For Sales, forwarded by Berta Schulz")).toBeTruthy();
  });

  it("ignores a click meant for something else", async () => {
    const { world, user, ring } = await openPage();
    await ring();
    await user.click(within(slot()).getByRole("button", { name: /^Decline/ }));
    expect(world.socket.commands("decline")).toEqual([]);
    await settled();
    await user.click(within(slot()).getByRole("button", { name: /^Decline/ }));
    await waitFor(() => expect(world.socket.commands("decline")).toHaveLength(1));
  });

  it("says that answering failed and that it still rings, for a while", async () => {
    const { world, ring, server } = await openPage();
    await ring();
    const notice = { call_id: INCOMING.id, code: "answer_failed", words: "", reason: null };
    await server(() => world.socket.serve("notice", notice));
    const words = "Answering did not work. The call still rings: answer again.";
    expect(within(slot()).getByText(words).closest("[role=status]")).toBeTruthy();
    await server(() => void world.clock.pass(13_000));
    await waitFor(() => expect(screen.queryByText(words)).toBeNull());
  });

  it("says when this browser takes it by itself, which the user can stop", async () => {
    const { world, user, server } = await openPage();
    await server(() =>
      world.socket.serve("ring.offer", { call: INCOMING, lease_ms: 6000, auto_answer_ms: 3000 }),
    );
    expect(within(slot()).getByText(/This browser takes the call/)).toBeTruthy();
    await user.click(within(slot()).getByRole("button", { name: "I decide myself" }));
    expect(within(slot()).queryByText(/This browser takes the call/)).toBeNull();
    await server(() => void world.clock.pass(4000));
    expect(world.socket.commands("answer")).toEqual([]);
    expect(within(slot()).getByRole("button", { name: "Answer" })).toBeTruthy();
  });

  it("is reached by F8 and left again to where one was", async () => {
    const { user, ring } = await openPage();
    await user.click(field());
    await ring();
    await user.keyboard("{F8}");
    expect(document.activeElement).toBe(within(slot()).getByRole("button", { name: "Answer" }));
    await user.keyboard("{F8}");
    expect(document.activeElement).toBe(field());
  });

  it("keeps half-typed text", async () => {
    const { user, ring } = await openPage();
    await user.type(field(), "ber");
    await ring();
    expect((field() as HTMLInputElement).value).toBe("ber");
    expect(document.activeElement).toBe(field());
  });

  it("says what it does to the running call", async () => {
    const { world, user, ring, update, server } = await openPage();
    await user.type(field(), "102{Enter}");
    await server(() => world.peer.connect());
    await update(TALKING);
    await ring();
    const second = screen.getByRole("region", { name: "Second call" });
    await settled();
    await user.click(within(second).getByRole("button", { name: "End Berta and answer" }));
    await waitFor(() => expect(world.socket.commands("answer")).toHaveLength(1));
    expect(world.socket.commands("hang_up")).toMatchObject([{ call_id: "call-1" }]);
  });

  it("holds the running call by answering, or ends it if that is asked", async () => {
    const { world, user, ring, update, server } = await openPage();
    await user.type(field(), "102{Enter}");
    await server(() => world.peer.connect());
    await update({ ...TALKING, actions: ["hang_up", "mute", "dtmf", "hold"] });
    await ring();
    const second = within(screen.getByRole("region", { name: "Second call" }));
    expect(second.getByRole("button", { name: "End Berta and answer" })).toBeTruthy();
    await settled();
    await user.click(second.getByRole("button", { name: "Hold Berta and answer" }));
    await waitFor(() => expect(world.socket.commands("answer")).toHaveLength(1));
    // The server holds before it answers: one command, so that nothing is lost in between.
    expect(world.socket.commands("hold")).toEqual([]);
    expect(world.socket.commands("hang_up")).toEqual([]);
  });

  it("says why it was not answered when the running call cannot be held", async () => {
    const { world, ring, server } = await openPage();
    await ring();
    const notice = { call_id: INCOMING.id, code: "not_held", words: "", reason: null };
    await server(() => world.socket.serve("notice", notice));
    expect(within(slot()).getByText(/could not put your other call on hold/)).toBeTruthy();
  });

  it("says only Answer when the running call waits already", async () => {
    const { user, ring, update } = await openPage();
    await user.type(field(), "102{Enter}");
    await update({ ...TALKING, hold: "local", actions: ["hang_up", "mute", "retrieve"] });
    await ring();
    const second = within(screen.getByRole("region", { name: "Second call" }));
    expect(second.getByRole("button", { name: "Answer" })).toBeTruthy();
  });

  it("stays and says why when the microphone is refused", async () => {
    const { world, user, ring } = await openPage((w) => {
      w.permission = "prompt";
      w.microphoneError = "NotAllowedError";
    });
    await ring();
    await settled();
    await user.click(within(slot()).getByRole("button", { name: "Answer" }));
    expect(await screen.findByText(/Your microphone is blocked\. Allow it/)).toBeTruthy();
    expect(world.socket.commands("answer")).toEqual([]);
    expect(slot()).toBeTruthy();
  });

  it("that was missed says so and offers to call back", async () => {
    const { ring, end } = await openPage();
    await ring();
    await end({ reason: "cancelled" }, INCOMING);
    const card = screen.getByRole("article", { name: "Last call" });
    expect(within(card).getByText(/You missed this call at/)).toBeTruthy();
    expect(within(card).getByRole("button", { name: "Call back" })).toBeTruthy();
  });
});
