import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

const ENTRY = {
  number: 1,
  at: "2026-01-02T10:00:00Z",
  who: { kind: "user", id: "u-1", name: "Ada" },
  action: "sso.change",
  target: { kind: "sso", id: "c-1", name: "Example" },
  before: { role: "user", active: false, scopes: [] },
  after: { role: "admin", active: true, scopes: ["openid", "email"], own: 3 },
  why: "",
  client_ip: null,
};

beforeEach(() => {
  location.hash = "#/audit";
});

describe("the audit", () => {
  it("says acts, names and values in words", async () => {
    openPortal({ "GET /admin/audit": { body: { items: [ENTRY], next_cursor: null } } });
    const table = await screen.findByRole("table");
    const lines = [...table.querySelectorAll("li")].map((line) => line.textContent);
    expect(lines).toEqual([
      "Role: User → Administrator",
      "Switched on: no → yes",
      "What it may do: openid, email",
      "own: 3",
    ]);
    expect(table.textContent).toContain("Sign-in provider changed");
  });

  it("is filtered by an act that is chosen by its words", async () => {
    const { user, asked } = openPortal({
      "GET /admin/audit": { body: { items: [ENTRY], next_cursor: null } },
    });
    await user.selectOptions(await screen.findByLabelText("What"), "Import applied");
    await waitFor(() =>
      expect(asked("GET /admin/audit").at(-1)?.query.get("action")).toBe("import.apply"),
    );
    expect(location.hash).toContain("action=import.apply");
  });

  it("keeps a filter that a link brought along", async () => {
    location.hash = "#/audit?action=import";
    openPortal({ "GET /admin/audit": { body: { items: [], next_cursor: null } } });
    const chosen = await screen.findByLabelText<HTMLSelectElement>("What");
    expect(chosen.value).toBe("import");
  });
});
