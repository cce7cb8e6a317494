import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";
import { draftOf } from "./draft.ts";
import { expanded, filled, type Template, withNumber, wrongField } from "./templates.ts";

const SITE = { id: "s-1", name: "Munich" };
const SALES: Template = {
  id: "p-1",
  name: "Sales",
  default: true,
  role: "user",
  department: "Sales",
  language: "fr",
  site_id: "s-1",
  site_name: "Munich",
  first_number: "101",
  last_number: "199",
  next_number: "104",
  desk_number: "5{number}",
  device_id: "6{number}",
  mailbox_number: "199",
  auth_user: "",
  version: 2,
};
const LOBBY: Template = {
  ...SALES,
  id: "p-2",
  name: "Lobby",
  default: false,
  department: "Lobby",
  language: "",
  first_number: "",
  last_number: "",
  next_number: null,
  desk_number: "",
  device_id: "",
  mailbox_number: "",
};
const NOBODY = {
  items: [],
  next_cursor: null,
  total: 0,
  licences: { used: 1, available: null },
};
const ANSWERS = {
  "GET /admin/people": { body: NOBODY },
  "GET /admin/sites": { body: { items: [SITE], next_cursor: null } },
  "GET /admin/people-templates": { body: { items: [LOBBY, SALES], next_cursor: null } },
};

beforeEach(() => {
  location.hash = "#/people";
});

describe("what a template fills in", () => {
  const empty = draftOf(null, "s-1");

  it("follows the number, and makes nothing of none", () => {
    expect(expanded("6{number}", " 101 ")).toBe("6101");
    expect(expanded("6{number}", "")).toBe("");
    expect(expanded("199", "")).toBe("199");
    const made = filled(empty, null, SALES, "s-1");
    expect(made).toMatchObject({ number: "104", device_id: "6104", desk_number: "5104" });
    const moved = withNumber({ ...made, desk_number: "77" }, SALES, "105");
    expect(moved).toMatchObject({ number: "105", device_id: "6105", desk_number: "77" });
  });

  it("leaves alone what was typed, and takes back what was not", () => {
    const typed = { ...filled(empty, null, SALES, "s-1"), name: "Dora", department: "IT" };
    const other = filled(typed, SALES, LOBBY, "s-1");
    expect(other).toMatchObject({ name: "Dora", department: "IT", language: "", number: "" });
    expect(other.device_id).toBe("");
    const mine = { ...typed, number: "150" };
    expect(filled(mine, SALES, null, "s-1").number).toBe("150");
  });

  it("knows the field that does not fit", () => {
    expect(wrongField({ field: "first_number" })).toBe("first_number");
    expect(wrongField({ errors: [{ where: "body", path: ["device_id"] }] })).toBe("device_id");
    expect(wrongField({ errors: [{ path: ["default"] }] })).toBeNull();
    expect(wrongField({})).toBeNull();
  });
});

describe("templates", () => {
  it("begin a new person, who can be changed before saving", async () => {
    const { user, asked } = openPortal({
      ...ANSWERS,
      "POST /admin/people": { status: 409, body: { code: "number_taken", title: "taken" } },
    });
    await user.click(await screen.findByRole("button", { name: "New person" }));
    const number = await screen.findByLabelText<HTMLInputElement>("Number");
    expect(number.value).toBe("104");
    const department = screen.getByLabelText<HTMLInputElement>("Department");
    expect(department.value).toBe("Sales");
    const choice = screen.getByLabelText<HTMLSelectElement>("Template");
    await user.selectOptions(choice, "Lobby");
    expect([department.value, number.value]).toEqual(["Lobby", ""]);
    await user.selectOptions(choice, "Sales");
    await user.type(screen.getByLabelText("Name"), "Dora");
    await user.type(screen.getByLabelText("E-mail"), "dora@example.test");
    await user.clear(number);
    await user.type(number, "107");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked("POST /admin/people")).toHaveLength(1));
    expect(asked("POST /admin/people")[0]?.body).toMatchObject({
      name: "Dora",
      department: "Sales",
      language: "fr",
      line: {
        site_id: "s-1",
        number: "107",
        desk_number: "5107",
        device_id: "6107",
        mailbox_number: "199",
      },
    });
  });

  it("give the number after one that somebody else was faster with", async () => {
    let asked = 0;
    const { user } = openPortal({
      ...ANSWERS,
      "GET /admin/people-templates": () => ({
        body: { items: [{ ...SALES, next_number: String(104 + asked++) }], next_cursor: null },
      }),
      "POST /admin/people": {
        status: 409,
        body: { code: "number_taken", title: "taken", field: "number" },
      },
    });
    await user.click(await screen.findByRole("button", { name: "New person" }));
    const number = await screen.findByLabelText<HTMLInputElement>("Number");
    expect(number.value).toBe("104");
    await user.type(screen.getByLabelText("Name"), "Dora");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(number.value).toBe("105"));
    expect(screen.getByRole("alert").textContent).toContain("105 is filled in now");
    // What is typed is nobody's to change.
    await user.clear(number);
    await user.type(number, "106");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.getByRole("alert").textContent).not.toContain("filled in"));
    expect(number.value).toBe("106");
  });

  it("whose numbers are all in use say so", async () => {
    const { user } = openPortal({
      ...ANSWERS,
      "GET /admin/people-templates": {
        body: { items: [{ ...SALES, next_number: null }], next_cursor: null },
      },
    });
    await user.click(await screen.findByRole("button", { name: "New person" }));
    expect(await screen.findByText("No number of this template is free any more.")).toBeTruthy();
  });

  it("that cannot be loaded keep nobody from adding a person", async () => {
    const { user } = openPortal({
      ...ANSWERS,
      "GET /admin/people-templates": { status: 500, body: { code: "server_error", title: "no" } },
    });
    await user.click(await screen.findByRole("button", { name: "New person" }));
    await screen.findByLabelText("Name");
    expect(screen.queryByLabelText("Template")).toBeNull();
  });

  it("are listed, added, changed from the version that was read, and removed after a yes", async () => {
    const { user, asked } = openPortal({
      ...ANSWERS,
      "POST /admin/people-templates": {
        status: 422,
        body: { code: "range_invalid", title: "no", field: "first_number" },
      },
      "PUT /admin/people-templates/p-1": { body: SALES },
      "DELETE /admin/people-templates/p-1": { status: 204 },
    });
    await user.click(await screen.findByRole("button", { name: "Templates" }));
    const table = await screen.findByRole("table", { name: "Templates" });
    expect(within(table).getByText("104")).toBeTruthy();
    expect(within(table).getByText("Default")).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "New template" }));
    await user.type(await screen.findByLabelText("Name"), "Night");
    const first = screen.getByLabelText("First number");
    await user.type(first, "199");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(first.getAttribute("aria-invalid")).toBe("true"));
    expect(asked("POST /admin/people-templates")[0]?.body).toMatchObject({
      name: "Night",
      default: false,
      site_id: "s-1",
      first_number: "199",
    });
    await user.click(screen.getByRole("button", { name: "Cancel" }));

    const act = async (name: string) => {
      await user.click(await screen.findByRole("button", { name: "Actions for Sales" }));
      await user.click(await screen.findByRole("menuitem", { name }));
    };
    await act("Edit");
    await user.type(await screen.findByLabelText("Name"), " EU");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked("PUT /admin/people-templates/p-1")).toHaveLength(1));
    const sent = asked("PUT /admin/people-templates/p-1")[0];
    expect(sent?.headers.get("if-match")).toBe('"2"');
    expect(sent?.body).toMatchObject({ name: "Sales EU", device_id: "6{number}" });

    await act("Remove");
    expect(asked("DELETE /admin/people-templates/p-1")).toHaveLength(0);
    await user.click(await screen.findByRole("button", { name: "Remove" }));
    await waitFor(() => expect(asked("DELETE /admin/people-templates/p-1")).toHaveLength(1));
  });

  it("are chosen for the rows of a file that name none", async () => {
    location.hash = "#/import";
    const { user, asked } = openPortal({
      ...ANSWERS,
      "GET /admin/imports": { body: { items: [], next_cursor: null } },
      "POST /admin/imports/columns": {
        body: { format: "json", encoding: "utf-8", separator: null, columns: [], fields: [] },
      },
      "POST /admin/imports": { status: 422, body: { code: "json_format", title: "no" } },
    });
    await user.click(await screen.findByText("How the file is read"));
    await screen.findByRole("option", { name: "Lobby" });
    await user.selectOptions(screen.getByLabelText("Template of rows that name none"), "Lobby");
    const input = document.querySelector<HTMLInputElement>('input[type="file"]')!;
    await user.upload(input, new File(["{}"], "people.json"));
    await waitFor(() => expect(asked("POST /admin/imports")).toHaveLength(1));
    expect(asked("POST /admin/imports")[0]?.query.get("template")).toBe("p-2");
  });
});
