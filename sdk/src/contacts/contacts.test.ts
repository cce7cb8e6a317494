import { describe, expect, it } from "vitest";
import type { Contact } from "../api/types.ts";
import { contactFile, draftOf, letterOf, newDraft, wishOf } from "./index.ts";

const BERTA: Contact = {
  id: "c-1",
  shared: false,
  name: "Berta Brandt",
  company: "Plumbing Ltd",
  email: "berta@example.test",
  note: "Second floor",
  numbers: [
    {
      kind: "mobile",
      number: { dialled: "0170555", canonical: "+49170555", display: "+49 170 555" },
    },
  ],
  version: 3,
};

describe("a draft", () => {
  it("of a contact is what would be sent again", () => {
    expect(wishOf(draftOf(BERTA))).toEqual({
      name: "Berta Brandt",
      company: "Plumbing Ltd",
      email: "berta@example.test",
      note: "Second floor",
      numbers: [{ kind: "mobile", number: "+49 170 555" }],
    });
    expect(draftOf(BERTA)).toMatchObject({ id: "c-1", version: 3 });
  });

  it("sends neither empty numbers nor blanks around words", () => {
    const draft = { ...newDraft("  Carla ", ""), company: " " };
    expect(wishOf(draft)).toEqual({ name: "Carla", company: "", email: "", note: "", numbers: [] });
  });

  it("of a contact without numbers has a row for one", () => {
    expect(draftOf({ ...BERTA, numbers: [] }).numbers).toMatchObject([{ kind: "work", text: "" }]);
  });
});

it.each([
  ["Ödön", "O"],
  ["ß-Verlag", "S"],
  ["Øre", "O"],
  ["(Anna)", "A"],
  ["24 h taxi", "#"],
  ["", "#"],
  ["Жанна", "Ж"],
])("%s stands under %s", (name, letter) => {
  expect(letterOf(name)).toBe(letter);
});

describe("a file", () => {
  it("is sent as what its name says", () => {
    expect(contactFile(new File(["x"], "all.VCF")).type).toBe("text/vcard");
    expect(contactFile(new File(["x"], "all", { type: "text/x-vcard" })).type).toBe("text/vcard");
    const excel = new File(["x"], "all.csv", { type: "application/vnd.ms-excel" });
    expect(contactFile(excel).type).toBe("text/csv");
  });

  it("that is too large is not sent", () => {
    const file = new File([new Uint8Array(8 * 1024 * 1024 + 1)], "all.csv");
    expect(() => contactFile(file)).toThrow("too_large");
  });
});
