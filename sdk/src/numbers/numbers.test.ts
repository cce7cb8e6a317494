import { describe, expect, it } from "vitest";
import { cleanDigits, cleanNumber, looksLikeNumber } from "./clean.ts";
import { groupNumber } from "./format.ts";

describe("cleanNumber", () => {
  it.each([
    ["102", "102", ""],
    [" +49 30 5551-0142 ", "+493055510142", ""],
    ["+49 (0) 30 / 5551 0142", "+493055510142", ""],
    ["0049 (0)30 5551", "0049305551", ""],
    ["(030) 5551.0142", "03055510142", ""],
    ["tel:+49-30-5551-0142", "+493055510142", ""],
    ["tel:+49305551;ext=22", "+49305551", "22"],
    ["sip:102@pbx.example", "102", ""],
    ["callto:+49305551", "+49305551", ""],
    ["tel:%2B49305551", "+49305551", ""],
    ["0800 FLOWERS", "08003569377", ""],
    ["030 5551 ext. 17", "0305551", "17"],
    ["030 5551,,17#", "0305551", "17#"],
    ["*21*102#", "*21*102#", ""],
    ["#31#030555", "#31#030555", ""],
    ["\u202d+49 30 5551\u202c", "+49305551", ""],
    ["１０２", "102", ""],
    ["112", "112", ""],
  ])("%s", (typed, number, postDial) => {
    expect(cleanNumber(typed)).toEqual({ number, postDial });
  });

  it.each(["", "   ", "()", "+", "-- / --", "1".repeat(60)])("finds no number in %j", (typed) => {
    expect(cleanNumber(typed)).toBeNull();
  });
});

describe("looksLikeNumber", () => {
  it.each(["1", "+49", "*21#", "030 55", "(030)", "tel:102", "#1", "030 5551 ext 17"])(
    "dials %s",
    (text) => {
      expect(looksLikeNumber(text)).toBe(true);
    },
  );

  it.each(["berta", "B", "", " ", "2nd floor", "Ä", "o'neil 3"])("searches %j", (text) => {
    expect(looksLikeNumber(text)).toBe(false);
  });
});

describe("groupNumber", () => {
  it.each([
    ["102", "102"],
    ["1020", "1020"],
    ["+493055510142", "+49 305 551 0142"],
    ["+13055510142", "+1 305 551 0142"],
    ["+352621123", "+352 621 123"],
    ["03055510142", "030 555 101 42"],
    ["*21*102#", "*21*102#"],
    ["+49", "+49"],
  ])("%s", (number, shown) => {
    expect(groupNumber(number)).toBe(shown);
  });

  it("loses no digit", () => {
    for (const number of ["12345", "+4912345678901", "0049893007", "999999999999999"]) {
      expect(groupNumber(number).replace(/ /g, "")).toBe(number);
    }
  });
});

describe("cleanDigits", () => {
  it("keeps what a keypad can send", () => {
    expect(cleanDigits("1 2-3*#d x")).toBe("123*#D");
  });
});
