import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Call } from "@offhook/sdk";
import { aCall, aSnapshot } from "@offhook/sdk/fakes";
import { openPage, TALKING } from "../../testing/page.tsx";

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const card = (name: string) => screen.getByRole("article", { name });
const person = (name: string, number: string) => ({
  name,
  number: { dialled: number, canonical: number, display: number },
});

const HANNA = aCall({
  ...TALKING,
  id: "hanna",
  direction: "in",
  hold: "local",
  remote: person("Hanna Wolf", "720"),
  actions: ["hang_up", "mute", "retrieve", "swap", "transfer", "merge"],
});
const BERTA = aCall({
  ...TALKING,
  id: "berta",
  actions: ["hang_up", "mute", "dtmf", "hold", "swap", "transfer", "consult", "merge"],
});

const REFUSED = { status: 409, code: "not_offered", title: "" };

async function twoCalls(hanna: Partial<Call> = {}, berta: Partial<Call> = {}) {
  const calls = [
    { ...BERTA, ...berta },
    { ...HANNA, ...hanna },
  ];
  return openPage((world) => {
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ calls }));
  });
}

describe("two calls", () => {
  it("show who talks large and who waits below, whatever their order", async () => {
    await twoCalls();
    expect(screen.getByRole("heading", { level: 1, name: "Berta Schulz" })).toBeTruthy();
    const held = within(card("Hanna Wolf"));
    expect(held.getByRole("heading", { level: 2 })).toBeTruthy();
    expect(held.getByText(/720 · On hold/)).toBeTruthy();
    expect(document.title).toMatch(/Berta Schulz$/);
  });

  it("change over by one command, by button and by key", async () => {
    const { world, user, update } = await twoCalls();
    await user.click(button("Swap"));
    expect(world.socket.commands("swap")).toMatchObject([{ call_id: "hanna" }]);
    await update({ hold: "local", actions: HANNA.actions }, BERTA);
    await update({ hold: "none", actions: BERTA.actions }, HANNA);
    expect(screen.getByRole("heading", { level: 1, name: "Hanna Wolf" })).toBeTruthy();
    await user.keyboard("s");
    expect(world.socket.commands("swap")).toMatchObject([{}, { call_id: "berta" }]);
  });

  it("are joined and connected where the server lists it", async () => {
    const { world, user, update } = await twoCalls();
    await user.click(button("Talk together"));
    expect(world.socket.commands("merge")).toMatchObject([{ call_id: "berta", with: "hanna" }]);
    await user.click(button("Connect Hanna with Berta"));
    expect(world.socket.commands("transfer")).toMatchObject([{ call_id: "hanna", with: "berta" }]);
    await update({ actions: ["hang_up", "retrieve"] }, HANNA);
    expect(screen.queryByRole("button", { name: "Talk together" })).toBeNull();
    expect(screen.queryByRole("button", { name: /^Connect/ })).toBeNull();
    expect(screen.queryByRole("button", { name: "Swap" })).toBeNull();
  });

  it("say why a command was refused, in the card it was given in", async () => {
    const { world, user } = await twoCalls();
    world.socket.reply = () => ({ ok: false, problem: REFUSED });
    await user.click(button("Swap"));
    const words = "This is not possible at the moment.";
    expect(await within(card("Hanna Wolf")).findByText(words)).toBeTruthy();
    expect(within(card("Berta Schulz")).queryByText(words)).toBeNull();
  });

  it("that are both held wait for the user to choose", async () => {
    const { world, user, update } = await twoCalls();
    await update({ hold: "local", actions: ["hang_up", "retrieve"] }, BERTA);
    const resume = within(card("Hanna Wolf")).getByRole("button", { name: "Resume" });
    await user.click(resume);
    expect(world.socket.commands("retrieve")).toMatchObject([{ call_id: "hanna" }]);
  });

  it("remind once of who waits for long, by sight and by tone", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { phone, server } = await twoCalls();
    const remind = vi.spyOn(phone.ringer, "remind");
    const waiting = () =>
      within(card("Hanna Wolf")).getByText(/· \d\d:\d\d$/, { selector: "span" });
    expect(waiting().dataset["long"]).toBe("false");
    await server(() => void vi.advanceTimersByTime(61_000));
    expect(waiting().dataset["long"]).toBe("true");
    expect(remind).not.toHaveBeenCalled();
    await server(() => void vi.advanceTimersByTime(600_000));
    expect(remind).toHaveBeenCalledTimes(1);
  });

  it("end one by one", async () => {
    const { world, user, end } = await twoCalls();
    await user.click(button("Hang up on Hanna Wolf"));
    await waitFor(() =>
      expect(world.socket.commands("hang_up")).toMatchObject([{ call_id: "hanna" }]),
    );
    await end({ reason: "hung_up" }, BERTA);
    expect(screen.getByRole("heading", { level: 1, name: "Hanna Wolf" })).toBeTruthy();
    expect(world.socket.commands("retrieve")).toEqual([]);
  });
});

describe("asking before handing over", () => {
  it("offers to hand over and to go back, on the card of who waits", async () => {
    const { world, user } = await twoCalls({}, { consults: "hanna" });
    const held = within(card("Hanna Wolf"));
    await user.click(held.getByRole("button", { name: "Hand over to Berta" }));
    expect(world.socket.commands("transfer")).toMatchObject([{ call_id: "hanna", with: "berta" }]);
    await user.click(held.getByRole("button", { name: "Back to Hanna" }));
    expect(world.socket.commands("hang_up")).toMatchObject([{ call_id: "berta" }]);
  });

  it("hands over the caller also after a swap", async () => {
    const { world, user } = await twoCalls(
      { hold: "none", actions: BERTA.actions },
      { consults: "hanna", hold: "local", actions: HANNA.actions },
    );
    await user.click(button("Hand over to Berta"));
    expect(world.socket.commands("transfer")).toMatchObject([{ call_id: "hanna", with: "berta" }]);
    expect(screen.queryByRole("button", { name: /^Back to/ })).toBeNull();
  });

  it("tells of the hand-over once", async () => {
    const { end } = await twoCalls({}, { consults: "hanna" });
    const target = person("Berta Schulz", "102");
    await end({ reason: "transferred", transfer: { to: target, with: "berta" } }, HANNA);
    await end({ reason: "transferred", consults: "hanna" }, BERTA);
    expect(screen.getAllByRole("article", { name: "Last call" })).toHaveLength(1);
    expect(screen.getAllByText("Berta Schulz has taken over Hanna Wolf.")).toHaveLength(2);
  });

  it("waits with it until it rings there", async () => {
    const asking = { consults: "hanna", actions: ["hang_up", "mute"] } as const;
    const { update } = await twoCalls({}, { ...asking, phase: "dialling", actions: ["hang_up"] });
    expect(screen.queryByRole("button", { name: /^Hand over/ })).toBeNull();
    expect(button("Back to Hanna")).toBeTruthy();
    await update({ ...asking, phase: "ringing_out", actions: ["hang_up"] }, BERTA);
    expect(button("Hand over to Berta")).toBeTruthy();
  });
});

describe("a conference", () => {
  const conference = {
    kind: "conference",
    participants: [
      { id: "p1", ...person("Hanna Wolf", "720") },
      { id: "p2", ...person("Berta Schulz", "102") },
    ],
  } as const;

  it("lists who is in it and lets them go one by one", async () => {
    const { world, user, update } = await twoCalls();
    const joined = { ...conference, participants: [...conference.participants] };
    await update({ ...joined, actions: ["hang_up", "mute", "drop"] }, BERTA);
    expect(screen.getByRole("heading", { level: 1, name: "Conference" })).toBeTruthy();
    const list = within(screen.getByRole("list", { name: "Participants" }));
    expect(list.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
      "Hanna Wolf720",
      "Berta Schulz102",
    ]);
    await user.click(list.getByRole("button", { name: "Remove Hanna Wolf from the conference" }));
    expect(world.socket.commands("drop")).toMatchObject([{ call_id: "berta", participant: "p1" }]);
    await update({ ...joined, actions: ["hang_up", "mute"] }, BERTA);
    expect(screen.queryByRole("button", { name: /from the conference/ })).toBeNull();
  });
});

describe("a call on the desk phone", () => {
  it("has only the actions listed, and no word about sound in this page", async () => {
    const { world, user } = await openPage((w) => {
      const call = aCall({
        ...TALKING,
        on: "desk_phone",
        device_id: null,
        actions: ["hang_up", "hold", "dtmf"],
      });
      w.socket.onConnect = () => w.socket.serve("snapshot", aSnapshot({ calls: [call] }));
    });
    expect(screen.getByText("102 · on your desk phone")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Bring it here" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Mute" })).toBeNull();
    await user.click(button("Keypad"));
    await user.keyboard("5");
    expect(world.socket.commands("dtmf")).toMatchObject([{ call_id: "call-1", digits: "5" }]);
    await user.click(button("Hold"));
    expect(world.socket.commands("hold")).toHaveLength(1);
    expect(world.peers).toEqual([]);
    expect(world.tracks).toEqual([]);
  });

  it("says when it cannot be controlled", async () => {
    await openPage((w) => {
      const call = aCall({ ...TALKING, on: "desk_phone", device_id: null, actions: [] });
      w.socket.onConnect = () => w.socket.serve("snapshot", aSnapshot({ calls: [call] }));
    });
    expect(screen.getByText(/no connection to your desk phone/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Hang up" })).toBeNull();
  });
});
