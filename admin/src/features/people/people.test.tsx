import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { meWith, openPortal } from "../../testing/portal.tsx";

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
    second_factors: [],
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

  it("that somebody else changed meanwhile are shown with the differences; nothing is lost", async () => {
    const theirs = person(1, { version: 4, department: "Sales", name: "Person One" });
    let reads = 0;
    const { user, asked } = openPortal({
      "GET /admin/sites": { body: { items: [SITE], next_cursor: null } },
      "GET /admin/people": { body: { ...FIRST, items: [person(1)], next_cursor: null, total: 1 } },
      "GET /admin/people/u-1": () => ({ body: (reads += 1) === 1 ? person(1) : theirs }),
      "PUT /admin/people/u-1": ({ headers }) =>
        headers.get("if-match") === '"4"'
          ? { body: theirs }
          : { status: 412, body: { code: "changed_meanwhile", title: "no" } },
    });
    await user.click(await screen.findByText("Person 1"));
    const name = await screen.findByLabelText<HTMLInputElement>("Name");
    await user.clear(name);
    await user.type(name, "Anna");
    await user.type(screen.getByLabelText("Password at the phone system"), "geheim");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("theirs “Person One”, yours “Anna”");
    await screen.findByText("now “Sales”; you left it alone");
    expect(screen.queryByText(/geheim/)).toBeNull();
    expect(name.value).toBe("Anna");
    expect(screen.getByLabelText<HTMLInputElement>("Department").value).toBe("Sales");
    await user.click(screen.getByRole("button", { name: "Save mine on top" }));
    await screen.findByText("Anna is saved.");
    expect(asked("PUT /admin/people/u-1")[1]?.body).toMatchObject({
      name: "Anna",
      department: "Sales",
      line: { auth_password: "geheim" },
    });
  });

  it("take theirs: the form is as the other one left it", async () => {
    const theirs = person(1, { version: 4, name: "Person One" });
    let reads = 0;
    const { user } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items: [person(1)], next_cursor: null, total: 1 } },
      "GET /admin/people/u-1": () => ({ body: (reads += 1) === 1 ? person(1) : theirs }),
      "PUT /admin/people/u-1": { status: 412, body: { code: "changed_meanwhile", title: "no" } },
    });
    await user.click(await screen.findByText("Person 1"));
    const name = await screen.findByLabelText<HTMLInputElement>("Name");
    await user.type(name, "!");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await user.click(await screen.findByRole("button", { name: "Take theirs" }));
    expect(name.value).toBe("Person One");
  });

  it("ask before what was typed is lost, by Escape as by the cross", async () => {
    const { user } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items: [person(1)], next_cursor: null, total: 1 } },
      "GET /admin/people/u-1": { body: person(1) },
    });
    await user.click(await screen.findByText("Person 1"));
    await screen.findByLabelText("Name");
    await user.keyboard("{Escape}");
    // Nothing was typed: nothing to ask.
    await waitFor(() => expect(screen.queryByLabelText("Name")).toBeNull());
    await user.click(await screen.findByText("Person 1"));
    await user.type(await screen.findByLabelText("Name"), "!");
    await user.keyboard("{Escape}");
    await user.click(await screen.findByRole("button", { name: "Go on editing" }));
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Person 1!");
    await user.click(screen.getByRole("button", { name: "Close" }));
    await user.click(await screen.findByRole("button", { name: "Discard" }));
    await waitFor(() => expect(screen.queryByLabelText("Name")).toBeNull());
  });

  it("are disabled many at once: one by one, oneself left out, with a result for each", async () => {
    const others = [person(1), person(2), person(3, { state: "disabled" }), person(4)];
    const self = person(9, { id: "u-1", name: "Ada Admin" });
    const items = [self, ...others.map((one) => ({ ...one, id: `x-${one.id}` }))];
    let limited = false;
    const { user, asked } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items, next_cursor: null, total: 5 } },
      "POST /admin/people/x-u-1/disable": () => {
        if (limited) return { body: person(1) };
        limited = true;
        return { status: 429, body: { code: "rate_limited", title: "slow", retry_after: 0.01 } };
      },
      "POST /admin/people/x-u-2/disable": {
        status: 409,
        body: { code: "last_admin", title: "last" },
      },
      "POST /admin/people/x-u-4/disable": { body: person(4) },
    });
    await user.click(await screen.findByLabelText("Choose all 5 that are loaded"));
    await screen.findByText("5 chosen");
    await user.click(screen.getByRole("button", { name: "Disable" }));
    await screen.findByText(/2 people are left out/);
    expect(asked("POST /admin/people/x-u-1/disable")).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Disable them" }));
    await screen.findByText("Done for 2, 1 failed.");
    const rows = within(screen.getByRole("table", { name: "The outcome for each" }))
      .getAllByRole("row")
      .slice(1);
    // What failed stands first.
    expect(rows[0]?.textContent).toContain("Person 2");
    expect(rows).toHaveLength(3);
    expect(asked("POST /admin/people/u-1/disable")).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByText("5 chosen")).toBeNull());
  });

  it("are left alone from the moment of Stop, also while the gateway wants a pause", async () => {
    const items = [1, 2].map((n) => person(n, { id: `x-${n}` }));
    const tooFast = { status: 429, body: { code: "rate_limited", title: "slow", retry_after: 30 } };
    const { user, asked } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items, next_cursor: null, total: 2 } },
      "POST /admin/people/x-1/disable": tooFast,
    });
    const begin = async () => {
      await user.click(screen.getByRole("button", { name: "Disable" }));
      await user.click(screen.getByRole("button", { name: "Disable them" }));
      await screen.findByText("Waiting 30 s, then it goes on.");
    };
    await user.click(await screen.findByLabelText("Choose all 2 that are loaded"));
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      await begin();
      await user.click(screen.getByRole("button", { name: "Stop" }));
      await screen.findByText("Done for nobody, 2 left as they were.");
      await act(() => vi.advanceTimersByTimeAsync(31_000));
      expect(asked("POST /admin/people/x-1/disable")).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it("lose a second factor only by whoever may take it away, and never their own", async () => {
    const factors = { second_factors: ["totp", "passkey"] };
    const items = [person(1, { ...factors, id: "u-1" }), person(2, { ...factors, id: "u-2" })];
    const { user, asked } = openPortal({
      "GET /me": { body: meWith(["people.read", "tenant.read", "second_factor.reset"]) },
      "GET /admin/people": { body: { ...FIRST, items, next_cursor: null, total: 2 } },
      "POST /admin/people/u-2/remove-second-factor": { status: 204 },
    });
    await screen.findByText("Person 1");
    // The own account has no act at all here.
    expect(screen.queryByRole("button", { name: "Actions for Person 1" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Actions for Person 2" }));
    await user.click(await screen.findByRole("menuitem", { name: "Remove second factor" }));
    await screen.findByText(/Make sure first that it is really Person 2/);
    await user.click(screen.getByRole("button", { name: "Remove second factor" }));
    await screen.findByText("Person 2 has no second factor now.");
    expect(asked("POST /admin/people/u-2/remove-second-factor")).toHaveLength(1);
  });

  const INVITING = {
    state: "none",
    total: 0,
    sent: 0,
    left_out: 0,
    letters_waiting: 0,
    started_at: null,
    started_by: "",
    ended_at: null,
    mail: "queued",
  };

  it("are invited all by the server, which is asked how far it is", async () => {
    const items = [person(1, { state: "new" })];
    let job = INVITING;
    const { user, asked } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items, next_cursor: null, total: 1 } },
      "GET /admin/people/invite": () => {
        if (job.state === "running") {
          const sent = job.sent + 2000;
          job = { ...job, sent, letters_waiting: 7, state: sent < 5000 ? "running" : "done" };
        }
        return { body: job };
      },
      "POST /admin/people/invite": () => {
        job = { ...INVITING, state: "running", total: 6000 };
        return { status: 202, body: job };
      },
    });
    await user.click(await screen.findByRole("button", { name: "Invite all of them" }));
    await user.click(await screen.findByRole("button", { name: "Send invitation" }));
    await screen.findByText("You can leave this page; it goes on.");
    await screen.findByText("6,000 invitations are on their way.", {}, { timeout: 5000 });
    await screen.findByText("7 e-mails wait for the mail server.");
    expect(asked("POST /admin/people/invite")[0]?.body).toEqual({ all_new: true });
    await user.click(screen.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("are told to be on their way only where a mail server takes their invitations", async () => {
    const items = [person(1, { state: "new" })];
    const mail = "not_configured";
    let job = { ...INVITING, mail };
    const { user } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items, next_cursor: null, total: 1 } },
      "GET /admin/people/invite": () => ({ body: job }),
      "POST /admin/people/invite": () => {
        job = { ...INVITING, mail, state: "done", total: 3, sent: 2, left_out: 1 };
        return { status: 202, body: job };
      },
    });
    await user.click(await screen.findByRole("button", { name: "Invite all of them" }));
    const dialog = within(await screen.findByRole("dialog"));
    await dialog.findByText("E-mails cannot be sent: no mail server is configured");
    await user.click(dialog.getByRole("button", { name: "Send invitation" }));
    await dialog.findByRole("button", { name: "Done" });
    expect(dialog.queryByText(/on their way/)).toBeNull();
  });

  it("are being invited still when the page comes back, until somebody stops it", async () => {
    let job = { ...INVITING, state: "running", total: 5000, sent: 1200 };
    const { user, asked } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items: [person(1)], next_cursor: null, total: 1 } },
      "GET /admin/people/invite": () => ({ body: job }),
      "DELETE /admin/people/invite": () => {
        job = { ...job, state: "stopped", sent: 0, letters_waiting: 3, total: 3800 };
        return { body: job };
      },
    });
    await user.click(await screen.findByRole("button", { name: "Show" }));
    await screen.findByText("1200 of 5000");
    await user.click(screen.getByRole("button", { name: "Stop" }));
    await screen.findByText(/3,800 people have none yet/);
    // Letters of others than these.
    expect(screen.queryByText(/wait for the mail server/)).toBeNull();
    expect(screen.getByRole("button", { name: "Go on" })).toBeTruthy();
    expect(asked("DELETE /admin/people/invite")).toHaveLength(1);
  });

  it("are exported as chosen", async () => {
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockReturnValue();
    vi.stubGlobal(
      "URL",
      Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: vi.fn() }),
    );
    const { user, asked } = openPortal({
      "GET /admin/people": { body: { ...FIRST, items: [person(1)], next_cursor: null, total: 1 } },
      "POST /admin/people.csv": { body: "email\n" },
    });
    await user.click(await screen.findByLabelText("Choose Person 1"));
    const bar = screen.getByRole("group", { name: "Several at once" });
    await user.click(within(bar).getByRole("button", { name: "Export CSV" }));
    await waitFor(() => expect(click).toHaveBeenCalled());
    expect(asked("POST /admin/people.csv")[0]?.body).toEqual({ ids: ["u-1"] });
    click.mockRestore();
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
          keys: [{ id: "k-1", name: "Statistics", prefix: "gwc_k1" }],
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
    const to = screen.getByLabelText<HTMLSelectElement>("The number goes to");
    await user.selectOptions(to, "u-2");
    screen.getByText("API keys made by this person go on working: Statistics");
    // What is searched for next takes nothing of the choice away.
    await user.type(screen.getByLabelText("Who gets the number 101?"), "2");
    await waitFor(() =>
      expect(asked("GET /admin/people").at(-1)?.query.get("q")).toBe("person 22"),
    );
    expect(to.selectedOptions[0]?.text).toBe("Person 2");
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
