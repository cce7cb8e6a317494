import { type LegView, type Phone, type SessionState, Store } from "@offhook/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { audioFirst } from "./comingBack.ts";

const LEG: LegView = {
  state: "connecting",
  since: 0,
  quality: "no_data",
  farSilent: false,
  sending: false,
  trouble: null,
};

/** A phone right after its start, and whether the interface may be loaded by now. */
function started(legs: Record<string, LegView>) {
  const views = new Store<Readonly<Record<string, LegView>>>(legs);
  const state = new Store<SessionState>({ kind: "unknown" });
  const phone = { legs: { views }, session: { state } } as unknown as Phone;
  const page = { mayCome: false };
  void audioFirst(phone).then(() => (page.mayCome = true));
  return { views, state, page };
}

const note = () => document.getElementById("coming-back");
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  document.body.innerHTML = '<p id="coming-back" role="status" hidden></p>';
});

afterEach(() => {
  vi.useRealTimers();
  document.documentElement.lang = "en";
});

describe("the interface", () => {
  it("comes at once where no call was heard", async () => {
    const { page } = started({});
    await settled();
    expect(page.mayCome).toBe(true);
    expect(note()?.hidden).toBe(true);
  });

  it("waits until the call is heard again, and says so in the user's language", async () => {
    localStorage.setItem("offhook.language", "de");
    const { page, views } = started({ "call-1": LEG });
    await settled();
    expect(page.mayCome).toBe(false);
    expect(note()?.hidden).toBe(false);
    expect(note()?.textContent).toBe("Ihr Gespräch kommt zurück…");
    expect(document.documentElement.lang).toBe("de");
    views.set({ "call-1": { ...LEG, state: "connected" } });
    await settled();
    expect(page.mayCome).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not wait for a call that is over, nor for somebody who is not signed in", async () => {
    const over = started({ "call-1": LEG });
    expect(note()?.hidden).toBe(false);
    over.views.set({});
    expect(note()?.hidden).toBe(true);
    const nobody = started({ "call-1": LEG });
    nobody.state.set({ kind: "signed_out", why: "expired" });
    await settled();
    expect([over.page.mayCome, nobody.page.mayCome]).toEqual([true, true]);
  });

  it("does not wait longer than 700 ms", async () => {
    const { page } = started({ "call-1": LEG });
    await vi.advanceTimersByTimeAsync(699);
    expect(page.mayCome).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(page.mayCome).toBe(true);
  });
});
