import { type LegView, type Phone, Store } from "@offhook/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { showInterface } from "./pageMissing.ts";

/** A phone with a call that is heard, or without. */
function aPhone(call: boolean) {
  const views = new Store<Readonly<Record<string, LegView>>>({});
  const carried = { ids: call ? ["call-1"] : [] };
  const dispose = vi.fn();
  const legs = { views, carried: () => carried.ids };
  const end = () => {
    carried.ids = [];
    views.set({});
  };
  return { phone: { legs, dispose } as unknown as Phone, dispose, end };
}

const missing = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
const button = () => document.querySelector("button");

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.innerHTML = '<div id="root"><p id="coming-back"></p></div>';
});

afterEach(() => {
  document.documentElement.lang = "en";
});

describe("an interface that does not come", () => {
  it("is asked for once more, then said in the user's language, and the phone is put away", async () => {
    localStorage.setItem("offhook.language", "de");
    const reload = vi.fn();
    const first = aPhone(false);
    await showInterface(first.phone, missing, reload);
    expect(reload).toHaveBeenCalledTimes(1);
    expect(button()).toBeNull();
    const second = aPhone(false);
    await showInterface(second.phone, missing, reload);
    expect(reload).toHaveBeenCalledTimes(1);
    expect(document.getElementById("root")?.textContent).toContain("konnte nicht geladen werden");
    expect(document.documentElement.lang).toBe("de");
    expect(second.dispose).toHaveBeenCalledTimes(1);
    button()?.click();
    expect(reload).toHaveBeenCalledTimes(2);
  });

  it("takes no call away that is heard; the phone goes when it is over", async () => {
    const reload = vi.fn();
    const { phone, dispose, end } = aPhone(true);
    await showInterface(phone, missing, reload);
    expect(reload).not.toHaveBeenCalled();
    expect(dispose).not.toHaveBeenCalled();
    expect(button()?.textContent).toBe("Reload");
    end();
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  it("is asked for again by itself after it has been there", async () => {
    const reload = vi.fn();
    await showInterface(aPhone(false).phone, missing, reload);
    const showPage = vi.fn();
    await showInterface(aPhone(false).phone, () => Promise.resolve({ showPage }), reload);
    expect(showPage).toHaveBeenCalledTimes(1);
    await showInterface(aPhone(false).phone, missing, reload);
    expect(reload).toHaveBeenCalledTimes(2);
  });
});
