import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

const VIEW = {
  verdict: "setting_up",
  tenant: { name: "Example", status: "active", language: "en" },
  users: { total: 1, ready: 0, active: 1, invited: 0, new: 0, disabled: 0, without_number: 1 },
  calls: { now: 0, today: 0, answered: 0, missed: 0, failed: 0 },
  connectors: [{ site_id: "s-1", site: "Munich", state: "not_set_up" }],
  licences: { used: 1, available: null, total: null },
  first_steps: { site: true, key: false, connector: false, people: false, test_call: false },
  todo: [{ code: "terms_outdated", severity: "hint", count: 1, names: [], target: "tenant" }],
};
const TERMS = { version: "2027-01", url: "", text: "# Terms\nBe **kind**." };

beforeEach(() => {
  location.hash = "#/overview";
});

describe("the overview", () => {
  it("leads a new company through its first steps, which tick themselves off", async () => {
    const { user } = openPortal({ "GET /admin/overview": { body: VIEW } });
    const key = await screen.findByRole("link", { name: "Make a key for the connector" });
    expect(key.getAttribute("href")).toBe("#/sites/s-1");
    expect(key.closest("li")?.getAttribute("aria-current")).toBe("step");
    screen.getByText("1 of 5 are done.");
    await user.click(screen.getByRole("button", { name: "Do not show again" }));
    expect(screen.queryByText("First steps")).toBeNull();
  });

  it("says nothing of first steps once all are done", async () => {
    const done = { site: true, key: true, connector: true, people: true, test_call: true };
    openPortal({ "GET /admin/overview": { body: { ...VIEW, first_steps: done, todo: [] } } });
    await screen.findByText("Nothing needs you now.");
    expect(screen.queryByText("First steps")).toBeNull();
  });

  it("asks for the new terms again, and takes yet newer ones for unread", async () => {
    let terms = TERMS;
    let todo = VIEW.todo;
    const { user, asked } = openPortal({
      "GET /admin/overview": () => ({ body: { ...VIEW, todo } }),
      "GET /terms": () => ({ body: terms }),
      "POST /admin/tenant/terms": ({ body }) => {
        if ((body as typeof TERMS).version === terms.version) {
          todo = [];
          return { body: {} };
        }
        return { status: 409, body: { code: "terms_changed", title: "no" } };
      },
    });
    await user.click(await screen.findByRole("button", { name: "Read the terms" }));
    expect((await screen.findByText("kind")).parentElement?.textContent).toBe("Be kind.");
    const accept = screen.getByRole<HTMLButtonElement>("button", { name: "Accept" });
    expect(accept.disabled).toBe(true);
    terms = { ...TERMS, version: "2027-02", text: "Be kinder." };
    await user.click(screen.getByLabelText(/I have read them/));
    await user.click(accept);
    await screen.findByText("Be kinder.");
    await screen.findByText(/have changed again/);
    await user.click(screen.getByLabelText(/I have read them/));
    await user.click(screen.getByRole("button", { name: "Accept" }));
    await screen.findByText("The terms are accepted.");
    expect(asked("POST /admin/tenant/terms").map(({ body }) => body)).toEqual([
      { version: "2027-01" },
      { version: "2027-02" },
    ]);
    await waitFor(() => expect(screen.queryByText(/wait for your agreement/)).toBeNull());
  });

  it("tells of an update its release, its hours, and whether each phone system goes with it", async () => {
    const update = {
      id: "a-1",
      kind: "update",
      urgency: "scheduled",
      title: "Update",
      text: "New things.",
      release: "0.2",
      starts_at: "2027-01-03T02:00:00Z",
      ends_at: "2027-01-03T04:00:00Z",
      compatibility: [
        {
          site_id: "s-1",
          site: "Munich",
          profile: "business",
          pbx_release: "V1",
          state: "unsupported",
          note: "Update the telephone system first.",
        },
      ],
    };
    openPortal({
      "GET /admin/overview": { body: { ...VIEW, todo: [] } },
      "GET /announcements": { body: { items: [update], next_cursor: null } },
    });
    await screen.findByText("Release 0.2");
    screen.getByText("Munich: OpenScape Business V1");
    screen.getByText("not supported");
    screen.getByText("Update the telephone system first.");
  });
});
