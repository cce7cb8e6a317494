import type { Call } from "@offhook/sdk";
import { aCall, aSnapshot } from "@offhook/sdk/fakes";
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openPage, TALKING } from "../../testing/page.tsx";

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const HERE = aCall({
  ...TALKING,
  actions: ["hang_up", "mute", "move", "pull"],
  moves: [
    { to: "device-1", name: "This one" },
    { to: "device-2", name: "Phone in the pocket" },
    { to: "desk_phone", name: null },
    { to: "alternative", name: "0171 555 01 77" },
  ],
});
const AT_THE_DESK: Partial<Call> = { on: "desk_phone", device_id: null };

const withCall = (call: Call) =>
  openPage((world) => {
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ calls: [call] }));
  });

describe("a call moves", () => {
  it("to the places that the server lists, but not to where it is", async () => {
    const { world, user, update } = await withCall(HERE);
    await user.click(button("Move to…"));
    const panel = await screen.findByRole("region", { name: "Where should this call go on?" });
    const places = within(panel).getAllByRole("listitem");
    expect(places.map((place) => place.textContent)).toEqual([
      "Phone in the pocket",
      "Desk phone",
      "My other phone 0171 555 01 77",
    ]);
    await user.click(button("Desk phone"));
    expect(world.socket.commands("move")).toMatchObject([{ call_id: "call-1", to: "desk_phone" }]);
    await waitFor(() => expect(screen.queryByRole("region", { name: /go on/ })).toBeNull());
    await update({ moving: { to: "desk_phone", by: "device-1" }, actions: ["hang_up"] }, HERE);
    expect(screen.getByText(/Berta Schulz stays with you until then/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Move to…" })).toBeNull();
    await update(AT_THE_DESK, HERE);
    expect(screen.getByText("You are talking on your desk phone.")).toBeTruthy();
    await user.click(button("Bring it here"));
    await waitFor(() =>
      expect(world.socket.commands("pull")).toMatchObject([{ call_id: "call-1" }]),
    );
  });

  it.each([
    ["device-2", "Moving the call to another device…"],
    ["alternative", "Calling your other phone. Berta Schulz waits until you pick it up there."],
  ])("to %s, and says so although the server lists no places meanwhile", async (to, words) => {
    const { update } = await withCall(HERE);
    await update({ moving: { to, by: "device-1" }, moves: [], actions: ["hang_up"] }, HERE);
    expect(screen.getByText(words)).toBeTruthy();
  });

  it("to a device without a name too", async () => {
    const { user } = await withCall({ ...HERE, moves: [{ to: "device-2", name: "" }] });
    await user.click(button("Move to…"));
    expect(await screen.findByRole("button", { name: "Another device" })).toBeTruthy();
  });

  it("and says when it did not", async () => {
    const { world, server } = await withCall(HERE);
    const notice = { call_id: "call-1", code: "move_failed", words: "", reason: "no_answer" };
    await server(() => world.socket.serve("notice", notice));
    expect(screen.getByText("Nobody answered there. Berta Schulz is still with you.")).toBeTruthy();
  });

  it("nowhere when there is no other place", async () => {
    await withCall({ ...HERE, moves: HERE.moves.slice(0, 1) });
    expect(screen.queryByRole("button", { name: "Move to…" })).toBeNull();
  });
});
