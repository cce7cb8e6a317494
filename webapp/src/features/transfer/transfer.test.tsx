import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { aCall } from "@offhook/sdk/fakes";
import { openPage, TALKING } from "../../testing/page.tsx";

const FULL = { ...TALKING, actions: ["hang_up", "mute", "hold", "consult", "transfer"] as const };
const ASKED = aCall({ id: "berta", consults: "call-1" });

const sheet = () => screen.findByRole("region", { name: "Transfer Berta Schulz" });
const toField = () => screen.findByRole("textbox", { name: "Transfer to: name or number" });

async function talking(actions: readonly string[] = FULL.actions) {
  const page = await openPage();
  const { world, user, server, update } = page;
  await user.keyboard("102{Enter}");
  await server(() => world.peer.connect());
  await update({ ...FULL, actions: [...actions] as typeof ASKED.actions });
  world.socket.reply = (event) => (event === "consult" ? { ok: true, call: ASKED } : { ok: true });
  return page;
}

describe("a transfer", () => {
  it("starts by a key in its field, and tells that nothing happened yet", async () => {
    const { world, user } = await talking();
    await user.keyboard("t");
    const field = await toField();
    expect(document.activeElement).toBe(field);
    expect(within(await sheet()).getByText("Berta still hears you.")).toBeTruthy();
    expect(world.socket.commands("hold")).toEqual([]);
  });

  it("goes at once to whom the button names", async () => {
    const { world, user, update, end } = await talking();
    await user.click(screen.getByRole("button", { name: "Transfer" }));
    await user.type(await toField(), "bernd");
    await user.click(await screen.findByRole("button", { name: "Transfer now: Bernd Schuster" }));
    expect(world.socket.commands("transfer")).toMatchObject([{ call_id: "call-1", to: "104" }]);
    await waitFor(() => expect(screen.queryByRole("textbox", { name: /^Transfer to/ })).toBeNull());
    const number = { dialled: "104", canonical: "104", display: "104" };
    const transfer = { to: { name: "Bernd Schuster", number }, with: null };
    await update({ ...TALKING, transfer });
    expect(screen.getByText("Handing Berta Schulz over to Bernd Schuster…")).toBeTruthy();
    await end({ reason: "transferred", transfer });
    expect(screen.getAllByText("Bernd Schuster has taken over Berta Schulz.")).toBeTruthy();
  });

  it("asks first by Enter, hands over at once by Ctrl+Enter", async () => {
    const { world, user } = await talking();
    await user.keyboard("t");
    await user.type(await toField(), "103");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(world.socket.commands("transfer")).toMatchObject([{ to: "103" }]);
    await user.keyboard("t");
    await user.type(await toField(), "103{Enter}");
    await waitFor(() =>
      expect(world.socket.commands("consult")).toMatchObject([{ call_id: "call-1", to: "103" }]),
    );
    // The second call has sound of its own, as a dialled one has.
    await waitFor(() => expect(world.peers).toHaveLength(2));
  });

  it("shows whom calls went to last before anything is typed", async () => {
    const { user } = await talking();
    await user.keyboard("t");
    await user.type(await toField(), "0171 555{Control>}{Enter}{/Control}");
    await waitFor(() => expect(screen.queryByRole("textbox", { name: /^Transfer to/ })).toBeNull());
    await user.keyboard("t");
    const rows = within(await sheet()).getAllByRole("listitem");
    expect(rows[0]?.textContent).toContain("017 1555");
    expect(rows).toHaveLength(2); // and one colleague: neither the user nor who is moved
  });

  it("offers only what the phone system can", async () => {
    const { user } = await talking(["hang_up", "mute", "transfer"]);
    await user.keyboard("t");
    await user.type(await toField(), "103");
    expect(screen.queryByRole("button", { name: /^Ask first/ })).toBeNull();
    expect(await screen.findByRole("button", { name: /^Transfer now: 103/ })).toBeTruthy();
  });

  it("keeps what was typed while a call comes in, and when it is refused", async () => {
    const { world, user, ring } = await talking();
    const problem = { status: 409, code: "not_offered", title: "" };
    world.socket.reply = () => ({ ok: false, problem });
    await user.keyboard("t");
    await user.type(await toField(), "103");
    await ring();
    await user.click(screen.getByRole("button", { name: "Transfer now: 103" }));
    expect(await screen.findByText(/This is not possible at the moment/)).toBeTruthy();
    expect(((await toField()) as HTMLInputElement).value).toBe("103");
  });

  it.each([
    ["busy", "The other number is busy. Berta Schulz is still yours."],
    ["no_answer", "Nobody answered there. Berta Schulz is still yours."],
    [null, "The phone system did not hand the call over. Berta Schulz is still yours."],
  ])("that failed says why: %s", async (reason, words) => {
    const { world, server } = await talking();
    const notice = { call_id: "call-1", code: "transfer_failed", words: "", reason };
    await server(() => world.socket.serve("notice", notice));
    expect(screen.getByText(words)).toBeTruthy();
  });
});
