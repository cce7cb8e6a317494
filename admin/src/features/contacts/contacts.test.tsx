import type { Contact } from "@offhook/sdk/api";
import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

beforeEach(() => {
  location.hash = "#/contacts";
});

const number = (text: string) => ({ dialled: text, canonical: text, display: text });
const PLUMBER: Contact = {
  id: "c-1",
  shared: true,
  name: "Pia Plumber",
  company: "Plumbing Ltd",
  email: "pia@example.test",
  note: "",
  numbers: [
    { kind: "work", number: number("+49301") },
    { kind: "mobile", number: number("+49171") },
  ],
  version: 4,
};
const LIST = { "GET /admin/contacts": { body: { items: [PLUMBER], next_cursor: null } } };

const choose = async (user: ReturnType<typeof openPortal>["user"], act: string) => {
  await user.click(await screen.findByRole("button", { name: "Actions for Pia Plumber" }));
  await user.click(await screen.findByRole("menuitem", { name: act }));
};
const click = async (user: ReturnType<typeof openPortal>["user"], name: string) =>
  user.click(await screen.findByRole("button", { name }));

describe("shared contacts", () => {
  it("are listed and searched by what stands in the address", async () => {
    const { user, asked } = openPortal(LIST);
    expect(await screen.findByText("+49301 +1")).toBeTruthy();
    await user.type(screen.getByLabelText("Name, company or number"), "plum");
    await waitFor(() => expect(asked("GET /admin/contacts").at(-1)?.query.get("q")).toBe("plum"));
    expect(location.hash).toContain("q=plum");
  });

  it("say what to do while there are none", async () => {
    openPortal({ "GET /admin/contacts": { body: { items: [], next_cursor: null } } });
    expect(await screen.findByText("There are no shared contacts yet.")).toBeTruthy();
  });

  it("are added for everybody", async () => {
    const { user, asked } = openPortal({
      ...LIST,
      "POST /admin/contacts": { status: 201, body: PLUMBER },
    });
    await click(user, "New contact");
    await user.type(await screen.findByLabelText("Name"), "Carla Lang");
    await user.type(screen.getByLabelText("Number 1"), "030 5");
    await click(user, "Save");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked("POST /admin/contacts")[0]?.body).toMatchObject({
      name: "Carla Lang",
      numbers: [{ kind: "work", number: "030 5" }],
    });
    expect(asked("GET /admin/contacts").length).toBeGreaterThan(1);
  });

  it("ask before a number that was taken away stays there after all", async () => {
    const { user } = openPortal(LIST);
    await choose(user, "Edit");
    await click(user, "Remove number 2");
    await user.keyboard("{Escape}");
    await click(user, "Go on editing");
    expect(screen.queryByLabelText("Number 2")).toBeNull();
  });

  it("that somebody else changed meanwhile are a choice, nothing typed is lost", async () => {
    const theirs = { ...PLUMBER, company: "Pipes Ltd", version: 5 };
    const { user, asked } = openPortal({
      ...LIST,
      "GET /contacts/c-1": { body: theirs },
      "PUT /admin/contacts/c-1": ({ headers }) =>
        headers.get("if-match") === '"5"'
          ? { body: theirs }
          : { status: 412, body: { code: "changed_meanwhile" } },
    });
    await choose(user, "Edit");
    await user.type(await screen.findByLabelText("Name"), "!");
    await click(user, "Save");
    await click(user, "Show the other");
    const company = () => screen.getByLabelText<HTMLInputElement>("Company");
    await waitFor(() => expect(company().value).toBe("Pipes Ltd"));
    await user.type(company(), "!");
    await click(user, "Save");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked("PUT /admin/contacts/c-1").at(-1)?.body).toMatchObject({ company: "Pipes Ltd!" });
  });

  it("are removed only after a question", async () => {
    const { user, asked } = openPortal({ ...LIST, "DELETE /admin/contacts/c-1": { status: 204 } });
    await choose(user, "Remove");
    expect(await screen.findByText("Remove Pia Plumber from the company’s contacts?")).toBeTruthy();
    expect(asked("DELETE /admin/contacts/c-1")).toHaveLength(0);
    await click(user, "Remove");
    await waitFor(() => expect(asked("DELETE /admin/contacts/c-1")).toHaveLength(1));
  });

  it("come from a file; what was left out is named", async () => {
    const { user, asked } = openPortal({
      ...LIST,
      "POST /admin/contacts/import": {
        body: {
          created: 2,
          unchanged: 0,
          faults: [{ row: 3, column: "", code: "card_unreadable", reason: "" }],
          left_out: 1,
        },
      },
    });
    await click(user, "Import");
    await screen.findByRole("dialog", { name: "Import contacts" });
    const file = new File(["BEGIN:VCARD"], "book.vcf");
    await user.upload(document.querySelector<HTMLInputElement>("input[type=file]")!, file);
    expect(await screen.findByText("2 contacts were added.")).toBeTruthy();
    const faults = within(screen.getByRole("list", { name: "1 row was left out" }));
    expect(faults.getByText("This is no vCard.")).toBeTruthy();
    const sent = asked("POST /admin/contacts/import")[0];
    expect(sent?.headers.get("content-type")).toBe("text/vcard");
    await click(user, "Done");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("that cannot be read say why, and another file can be chosen", async () => {
    const { user } = openPortal({
      ...LIST,
      "POST /admin/contacts/import": { status: 422, body: { code: "file_packed", title: "" } },
    });
    await click(user, "Import");
    await screen.findByRole("dialog", { name: "Import contacts" });
    await user.upload(
      document.querySelector<HTMLInputElement>("input[type=file]")!,
      new File(["PK"], "book.csv"),
    );
    expect(await screen.findByText("The file is packed. Unpack it first.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Choose a file" })).toBeTruthy();
  });
});
