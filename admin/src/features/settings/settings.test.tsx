import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { meWith, openPortal } from "../../testing/portal.tsx";

const TENANT = {
  name: "Example",
  status: "active",
  language: "en",
  support_email: "",
  terms_version: "2026-01",
  terms_accepted_at: "2026-01-02T10:00:00Z",
  created_at: "2026-01-01T10:00:00Z",
  version: 3,
};
const ME = { body: meWith(["tenant.read", "tenant.write", "tenant.export", "tenant.delete"]) };

beforeEach(() => {
  location.hash = "#/settings";
});

describe("the company's settings", () => {
  it("keep what was typed when somebody else was faster, and say whose is what", async () => {
    let tenant = TENANT;
    const { user, asked } = openPortal({
      "GET /me": ME,
      "GET /admin/tenant": () => ({ body: tenant }),
      "PUT /admin/tenant": ({ headers }) =>
        headers.get("if-match") === '"3"'
          ? { status: 412, body: { code: "changed_meanwhile", title: "no" } }
          : { body: { ...tenant, version: 5 } },
    });
    await user.type(await screen.findByLabelText("Support address"), "help@example.test");
    tenant = { ...TENANT, name: "Example Ltd", version: 4 };
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Somebody else changed this meanwhile. Nothing of yours is lost.");
    expect(screen.getByLabelText<HTMLInputElement>("Name of the company").value).toBe(
      "Example Ltd",
    );
    await user.click(screen.getByRole("button", { name: "Save" }));
    await vi.waitFor(() => expect(asked("PUT /admin/tenant")).toHaveLength(2));
    expect(asked("PUT /admin/tenant")[1]?.body).toEqual({
      name: "Example Ltd",
      language: "en",
      support_email: "help@example.test",
    });
  });

  it("delete the company only by its name, and say why an export did not work", async () => {
    const { user, asked } = openPortal({
      "GET /me": ME,
      "GET /admin/tenant": { body: TENANT },
      "POST /admin/tenant/export": { status: 503, body: { code: "restarting", title: "no" } },
      "POST /admin/tenant/delete": { status: 204 },
    });
    await user.click(await screen.findByRole("button", { name: "Export" }));
    await screen.findByText(/The service has too much to do/);
    await user.click(screen.getByRole("button", { name: "Delete for good" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Delete the company" }));
    const go = sheet.getByRole<HTMLButtonElement>("button", { name: "Delete for good" });
    await user.type(sheet.getByLabelText("To confirm, type Example"), "Examp");
    expect(go.disabled).toBe(true);
    await user.type(sheet.getByLabelText("To confirm, type Example"), "le");
    await user.click(go);
    await screen.findByRole("heading", { name: "Sign in to administration" });
    expect(asked("POST /admin/tenant/delete")[0]?.body).toEqual({ name: "Example" });
  });
});
