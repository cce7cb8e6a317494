import { act, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { show } from "../../app/route.ts";
import { openPortal } from "../../testing/portal.tsx";
import { remember } from "./mapping.ts";

const PLAN = {
  id: "i-1",
  filename: "people.csv",
  format: "csv",
  reading: { encoding: "cp1252", separator: "semicolon", columns: {}, ignored: ["Room"] },
  state: "planned",
  total: 3,
  done: 3,
  counts: {
    create: 1,
    update: 1,
    unchanged: 0,
    error: 1,
    warning: 0,
    applied: 0,
    failed: 0,
    undone: 0,
    kept: 0,
  },
  created_by: "Ada",
  created_at: "2026-01-02T10:00:00Z",
  applied_at: null,
  undone_at: null,
};
const BAD = {
  number: 3,
  action: "error",
  state: "planned",
  user_id: null,
  email: "nobody",
  name: "No Body",
  changes: {},
  faults: [{ column: "email", code: "email_invalid", reason: "'nobody' is not an address" }],
  warnings: [],
};

const COLUMNS = {
  format: "csv",
  encoding: "utf-8",
  separator: "semicolon",
  fields: ["email", "name", "number"],
  columns: [
    { name: "Mail", field: "email", samples: ["x@x.test", "y@x.test"] },
    { name: "Telefon", field: "number", samples: [] },
    { name: "Durchwahl", field: "number", samples: ["101"] },
  ],
};

beforeEach(() => {
  location.hash = "#/import";
});

describe("an import", () => {
  it("tells row, column and reason of a file that cannot be read, and changes nothing", async () => {
    const fault = { row: 2, column: "email", code: "email_invalid", reason: "not an address" };
    const { user, asked } = openPortal({
      "GET /admin/imports": { body: { items: [], next_cursor: null } },
      "POST /admin/imports/columns": { body: COLUMNS },
      "POST /admin/imports": {
        status: 422,
        body: { code: "file_csv", title: "The file cannot be read", rows: [fault] },
      },
    });
    await screen.findByRole("button", { name: /Choose a file/ });
    const input = document.querySelector<HTMLInputElement>('input[type="file"]')!;
    await user.upload(input, new File(["a;b"], "people.csv"));
    await user.click(await screen.findByRole("button", { name: "Make the plan" }));
    expect(await screen.findByText("not an address")).toBeTruthy();
    const sent = asked("POST /admin/imports")[0];
    expect(sent?.headers.get("content-type")).toBe("text/csv");
    expect(sent?.query.get("filename")).toBe("people.csv");
  });

  it("asks what the columns are, shows some of their cells, and remembers the answer", async () => {
    const { user, asked } = openPortal({
      "GET /admin/imports": { body: { items: [], next_cursor: null } },
      "POST /admin/imports/columns": { body: COLUMNS },
      "POST /admin/imports": { status: 202, body: PLAN },
      "GET /admin/imports/i-1": { body: PLAN },
      "GET /admin/imports/i-1/rows": { body: { items: [], next_cursor: null } },
    });
    const choose = async () => {
      await screen.findByRole("button", { name: /Choose a file/ });
      const input = document.querySelector<HTMLInputElement>('input[type="file"]')!;
      await user.upload(input, new File(["a;b"], "people.csv"));
      await screen.findByText("x@x.test · y@x.test");
    };
    const is = (column: string) =>
      screen.getByLabelText<HTMLSelectElement>(`What is “${column}”?`).value;
    await choose();
    // Both look like the number: one of them is taken.
    expect([is("Mail"), is("Telefon"), is("Durchwahl")]).toEqual(["email", "number", ""]);
    const go = () => screen.getByRole<HTMLButtonElement>("button", { name: "Make the plan" });
    await user.selectOptions(screen.getByLabelText("What is “Durchwahl”?"), "Number");
    expect(go().disabled).toBe(true);
    await screen.findByText(/More than one column is: Number/);
    await user.selectOptions(screen.getByLabelText("What is “Telefon”?"), "Leave out");
    await user.selectOptions(screen.getByLabelText("What is “Mail”?"), "Leave out");
    await screen.findByText(/must be the e-mail address/);
    expect(go().disabled).toBe(true);
    await user.selectOptions(screen.getByLabelText("What is “Mail”?"), "E-mail");
    await user.click(go());
    await screen.findByRole("heading", { name: "Import of people.csv" });
    const sent = asked("POST /admin/imports")[0]?.query.get("mapping");
    expect(JSON.parse(sent ?? "")).toEqual({ Telefon: "" });

    act(() => show("import"));
    await choose();
    expect([is("Mail"), is("Telefon"), is("Durchwahl")]).toEqual(["email", "", "number"]);
    expect(localStorage.getItem("offhook.admin.columns.t-1")).toBe('{"Telefon":""}');
  });

  it("shows first what is wrong once the plan is made", async () => {
    location.hash = "#/import/i-1";
    let reads = 0;
    const counts = { ...PLAN.counts, create: 0, update: 0, error: 0 };
    const { asked } = openPortal({
      "GET /admin/imports/i-1": () => ({
        body: (reads += 1) === 1 ? { ...PLAN, state: "planning", done: 0, counts } : PLAN,
      }),
      "GET /admin/imports/i-1/rows": { body: { items: [BAD], next_cursor: null } },
    });
    await screen.findByText("email: This is not an e-mail address.", {}, { timeout: 5000 });
    expect(asked("GET /admin/imports/i-1/rows")[0]?.query.toString()).toContain("error");
  });

  it("calls a new person's site and role by their names", async () => {
    location.hash = "#/import/i-1";
    const counts = { ...PLAN.counts, error: 0, update: 0, create: 1 };
    const changes = { site_id: [null, "s-1"], role: [null, "help_desk"], number: [null, "300"] };
    const row = { ...BAD, action: "create", faults: [], changes };
    openPortal({
      "GET /admin/sites": {
        body: { items: [{ id: "s-1", name: "Head office" }], next_cursor: null },
      },
      "GET /admin/imports/i-1": { body: { ...PLAN, counts } },
      "GET /admin/imports/i-1/rows": { body: { items: [row], next_cursor: null } },
    });
    expect(await screen.findByText("Head office", {}, { timeout: 5000 })).toBeTruthy();
    expect(screen.getByText("Help desk")).toBeTruthy();
    expect(screen.getByText("300")).toBeTruthy();
  });

  it("is applied only when somebody agrees to leave out the rows with errors", async () => {
    location.hash = "#/import/i-1";
    let state = "planned";
    const { user, asked } = openPortal({
      "GET /admin/imports/i-1": () => ({
        body: { ...PLAN, state, counts: { ...PLAN.counts, applied: state === "applied" ? 2 : 0 } },
      }),
      "GET /admin/imports/i-1/rows": { body: { items: [BAD], next_cursor: null } },
      "POST /admin/imports/i-1/apply": () => {
        state = "applied";
        return { status: 202, body: PLAN };
      },
      "POST /admin/imports/i-1/undo": () => {
        state = "undone";
        return { status: 202, body: PLAN };
      },
    });
    expect(await screen.findByText("email: This is not an e-mail address.")).toBeTruthy();
    const apply = screen.getByRole<HTMLButtonElement>("button", { name: "Apply 2 changes" });
    expect(apply.disabled).toBe(true);
    await user.click(screen.getByLabelText(/Leave out the 1 row/));
    await user.click(screen.getByLabelText(/^Invite the/));
    await user.click(apply);
    expect(await screen.findByText("2 rows were applied.")).toBeTruthy();
    expect(asked("POST /admin/imports/i-1/apply")[0]?.body).toEqual({
      skip_errors: true,
      invite: true,
    });
    await user.click(screen.getByRole("button", { name: "Undo this import" }));
    const yes = await screen.findByRole("alertdialog");
    await user.click(yes.querySelectorAll("button")[1]!);
    await waitFor(() => expect(asked("POST /admin/imports/i-1/undo")).toHaveLength(1));
  });

  it("says of each row that was refused or kept what it was, in the page's language or as English", async () => {
    const rows = (asked: { query: URLSearchParams }) => ({
      body: {
        items: [
          asked.query.get("state") === "kept"
            ? {
                ...BAD,
                action: "create",
                state: "kept",
                faults: [{ column: "email", code: "in_use", reason: "Has signed in since" }],
              }
            : BAD,
        ],
        next_cursor: null,
      },
    });
    location.hash = "#/import/i-1";
    const { user, asked } = openPortal({
      "GET /admin/imports/i-1": {
        body: { ...PLAN, state: "undone", counts: { ...PLAN.counts, kept: 1 } },
      },
      "GET /admin/imports/i-1/rows": rows,
    });
    await screen.findByText(/This is not an e-mail address/);
    expect(screen.queryByRole("button", { name: /failed/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "1 not undone" }));
    expect((await screen.findByText("Has signed in since")).lang).toBe("en");
    expect(asked("GET /admin/imports/i-1/rows").at(-1)?.query.get("action")).toBeNull();
  });
});

it("goes on where the browser keeps nothing", () => {
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  expect(() => remember("t-1", { ...COLUMNS, format: "csv" }, { Mail: "" })).not.toThrow();
  expect(full).toHaveBeenCalled();
  full.mockRestore();
});
