import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

const SITE = { id: "s-1", name: "Munich" };

function person(number: number, change: object = {}) {
  return {
    id: `u-${number}`,
    email: `p${number}@example.test`,
    name: `Person ${number}`,
    role: "user",
    department: "",
    language: "",
    state: "active",
    source: "local",
    external_id: null,
    disabled_at: null,
    disabled_why: "",
    created_at: "2026-01-02T10:00:00Z",
    last_sign_in: null,
    invitation: null,
    line: {
      site_id: "s-1",
      site_name: "Munich",
      number: String(100 + number),
      desk_number: "",
      device_id: "",
      mailbox_number: null,
      auth_user: "",
      has_password: true,
    },
    version: 3,
    ...change,
  };
}

const PEOPLE = Array.from({ length: 400 }, (_, index) => person(index));
const FIRST = {
  items: PEOPLE.slice(0, 200),
  next_cursor: "more",
  total: 20_000,
  licences: { used: 400, available: 100 },
};

beforeEach(() => {
  location.hash = "#/people";
});

describe("people", () => {
  it("are twenty thousand, of which only those on the screen exist", async () => {
    openPortal({ "GET /admin/people": { body: FIRST } });
    expect(await screen.findByText("20,000 people")).toBeTruthy();
    const table = screen.getByRole("table", { name: "People" });
    expect(table.getAttribute("aria-rowcount")).toBe("20001");
    await waitFor(() => expect(within(table).getByText("Person 0")).toBeTruthy());
    expect(table.querySelectorAll("[data-index]").length).toBeLessThan(60);
  });

  it("are found, filtered and sorted by the server, and the address says how", async () => {
    const { user, asked } = openPortal({ "GET /admin/people": { body: FIRST } });
    await user.type(await screen.findByLabelText("Search"), "kö");
    await user.selectOptions(screen.getByLabelText("State"), "disabled");
    await user.click(await screen.findByRole("button", { name: /^Number/ }));
    await waitFor(() => {
      const query = Object.fromEntries(asked("GET /admin/people").at(-1)?.query ?? []);
      expect(query).toMatchObject({ q: "kö", state: "disabled", sort: "number" });
    });
    expect(location.hash).toContain("state=disabled");
  });

  it("are changed from the version that was read; what the server refuses stands at its field", async () => {
    const taken = { code: "number_taken", title: "taken", field: "number" };
    const { user, asked } = openPortal({
      "GET /admin/sites": { body: { items: [SITE], next_cursor: null } },
      "GET /admin/people": { body: { ...FIRST, items: [person(1)], next_cursor: null, total: 1 } },
      "GET /admin/people/u-1": { body: person(1) },
      "PUT /admin/people/u-1": { status: 409, body: taken },
    });
    await user.click(await screen.findByText("Person 1"));
    const number = await screen.findByLabelText("Number");
    await user.clear(number);
    await user.type(number, "102");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(number.getAttribute("aria-invalid")).toBe("true"));
    const sent = asked("PUT /admin/people/u-1")[0];
    expect(sent?.headers.get("if-match")).toBe('"3"');
    expect(sent?.body).toMatchObject({ line: { number: "102", auth_password: null } });
  });

  it("are disabled only after a yes, and enabled again by undo", async () => {
    const { user, asked } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items: [person(1)], next_cursor: null, total: 1 } },
      "POST /admin/people/u-1/disable": { body: person(1, { state: "disabled" }) },
      "POST /admin/people/u-1/enable": { body: person(1) },
    });
    await user.click(await screen.findByRole("button", { name: "Actions for Person 1" }));
    await user.click(await screen.findByRole("menuitem", { name: "Disable" }));
    expect(asked("POST /admin/people/u-1/disable")).toHaveLength(0);
    await user.click(await screen.findByRole("button", { name: "Disable" }));
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(asked("POST /admin/people/u-1/enable")).toHaveLength(1));
  });

  it("leave: what is kept is shown, and the number goes to somebody else", async () => {
    const heir = person(2, { line: null });
    const { user, asked } = openPortal({
      "GET /admin/people": ({ query }) => ({
        body: {
          ...FIRST,
          items: query.get("q") === "person 2" ? [heir] : [person(1)],
          next_cursor: null,
          total: 1,
        },
      }),
      "GET /admin/people/u-1/leaver": {
        body: {
          person: person(1),
          kept: [{ kind: "device", count: 2 }],
          forwardings: [],
          keys: [],
          last_admin: false,
        },
      },
      "POST /admin/people/u-1/leave": { status: 204 },
    });
    await user.click(await screen.findByRole("button", { name: "Actions for Person 1" }));
    await user.click(await screen.findByRole("menuitem", { name: /Leaves the company/ }));
    expect(await screen.findByText("Devices")).toBeTruthy();
    await user.type(screen.getByLabelText("Who gets the number 101?"), "person 2");
    await screen.findByRole("option", { name: "Person 2" });
    await user.selectOptions(screen.getByLabelText("The number goes to"), "u-2");
    await user.click(screen.getByLabelText(/Erase the account/));
    await user.click(screen.getByRole("button", { name: "Erase for good" }));
    await waitFor(() =>
      expect(asked("POST /admin/people/u-1/leave")[0]?.body).toEqual({
        then: "erase",
        number_to: "u-2",
        why: "",
      }),
    );
  });

  it("that cannot be loaded say so, and can be asked for again", async () => {
    let broken = true;
    const { user } = openPortal({
      "GET /admin/people": () =>
        broken
          ? { status: 500, body: { code: "internal", title: "no" } }
          : { body: { ...FIRST, items: [], next_cursor: null, total: 0 } },
    });
    const retry = await screen.findByRole("button", { name: "Try again" }, { timeout: 8_000 });
    broken = false;
    await user.click(retry);
    expect(await screen.findByText("Nobody is here yet.")).toBeTruthy();
  });
});
