import { describe, expect, it } from "vitest";
import en from "../../i18n/en.json";
import type { Translate } from "../../i18n/I18n.tsx";
import { anEntry } from "../../testing/page.tsx";
import { clockText } from "@offhook/ui/clock.ts";
import { initials } from "@offhook/ui/Avatar.tsx";
import { meaningOf } from "../keys/shortcuts.ts";
import { durationWords, kindWords, whenWords } from "./entryWords.ts";

const t: Translate = (id, values) => {
  const text: string = en[id];
  return values ? `${text.split(",")[0] ?? ""}|${Object.values(values).join(" ")}` : text;
};

describe("journal words", () => {
  it.each([
    [{}, "Missed"],
    [{ kind: "answered", device_id: "here" }, "Answered"],
    [{ kind: "answered", device_id: null }, "Answered on another device"],
    [{ kind: "declined" }, "You declined"],
    [{ kind: "forwarded" }, "Forwarded"],
    [{ direction: "out", kind: "failed", reason: "busy" }, "Busy"],
    [{ direction: "out", kind: "failed", reason: "declined" }, "Declined"],
    [{ direction: "out", kind: "answered", answered_at: "2026-01-01T00:00:00Z" }, "Outgoing"],
    [{ direction: "out", kind: "of the future" as "failed", reason: null }, "Outgoing"],
  ] as const)("%o", (change, words) => {
    expect(kindWords(t, anEntry(change), "here")).toBe(words);
  });

  it("says durations as people do", () => {
    expect(durationWords(t, null)).toBeNull();
    expect(durationWords(t, 400)).toBeNull();
    expect(durationWords(t, 40_000)).toMatch(/40$/);
    expect(durationWords(t, 725_000)).toMatch(/12$/);
    expect(durationWords(t, 3_900_000)).toMatch(/1 5$/);
  });

  it("says the time today, the day this week, the date before", () => {
    const now = new Date(2026, 0, 15, 12, 0);
    const at = (day: number, hour = 9) => new Date(2026, 0, day, hour, 5).toISOString();
    expect(whenWords(t, at(15), "en-GB", now)).toBe("09:05");
    expect(whenWords(t, at(14, 23), "en-GB", now)).toBe("Yesterday");
    expect(whenWords(t, at(12), "en-GB", now)).toBe("Mon");
    expect(whenWords(t, at(2), "en-GB", now)).toBe("2 Jan");
    expect(whenWords(t, "never", "en-GB", now)).toBe("");
  });
});

describe("clock and initials", () => {
  it("counts like a clock and never below zero", () => {
    expect([-5000, 0, 7_900, 257_000, 3_723_000].map(clockText)).toEqual([
      "00:00",
      "00:00",
      "00:07",
      "04:17",
      "1:02:03",
    ]);
  });

  it("takes first and last name", () => {
    const names = ["Anna König", "Maria de la Cruz", "Echo", "+49 30", "", "élan vital"];
    expect(names.map(initials)).toEqual(["AK", "MC", "E", "", "", "ÉV"]);
  });
});

describe("keys", () => {
  const key = (text: string, change: Partial<KeyboardEvent> = {}) => ({
    key: text,
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    repeat: false,
    ...change,
  });
  const nowhere = { closest: () => null };
  const inside = (selector: string) => ({
    closest: (asked: string) => (asked.includes(selector) ? document.body : null),
  });

  it("work at once where they undo nothing", () => {
    expect(meaningOf(key("m"), nowhere)).toEqual({ kind: "press", key: "m" });
    expect(meaningOf(key("/"), nowhere)).toEqual({ kind: "dial_field" });
    expect(meaningOf(key("x"), nowhere)).toBeNull();
  });

  it("that end or take calls want the focus there, or Shift", () => {
    expect(meaningOf(key("e"), nowhere)).toBeNull();
    expect(meaningOf(key("e"), inside("data-keys"))).toEqual({ kind: "press", key: "e" });
    expect(meaningOf(key("A", { shiftKey: true }), nowhere)).toEqual({ kind: "press", key: "a" });
  });

  it("are left alone in fields, in dialogs, with modifiers and on repeat", () => {
    expect(meaningOf(key("m"), inside("input"))).toBeNull();
    expect(meaningOf(key("m"), inside("dialog"))).toBeNull();
    expect(meaningOf(key("m", { ctrlKey: true }), nowhere)).toBeNull();
    expect(meaningOf(key("m", { altKey: true, ctrlKey: true }), nowhere)).toBeNull();
    expect(meaningOf(key("m", { repeat: true }), nowhere)).toBeNull();
    expect(meaningOf(key("F8"), inside("input"))).toEqual({ kind: "incoming" });
  });
});
