import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { meWith, openPortal } from "../../testing/portal.tsx";

const TENANT = {
  id: "t-2",
  name: "Bakery",
  kind: "customer",
  status: "active",
  users: 3,
  licences: 5,
  quotas: { calls: null },
  created_at: "2026-01-01T10:00:00Z",
};

beforeEach(() => {
  location.hash = "#/tenants";
});

function openTenants(more: Parameters<typeof openPortal>[0] = {}) {
  return openPortal({
    "GET /me": { body: meWith(["platform"]) },
    "GET /operator/tenants": { body: { items: [TENANT], next_cursor: null } },
    ...more,
  });
}

async function choose(user: ReturnType<typeof openPortal>["user"], act: string) {
  await user.click(await screen.findByRole("button", { name: "Actions for Bakery" }));
  await user.click(await screen.findByRole("menuitem", { name: act }));
}

describe("the operator's companies", () => {
  it("get no limit by a slip of the keyboard", async () => {
    const { user, asked } = openTenants({ "PUT /operator/tenants/t-2/quotas": { status: 204 } });
    await choose(user, "Limits");
    const licences = await screen.findByLabelText("Licences");
    await user.clear(licences);
    await user.type(licences, "1O");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("A whole number, please.");
    expect(asked("PUT /operator/tenants/t-2/quotas")).toHaveLength(0);
    await user.clear(licences);
    await user.type(licences, "10");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await vi.waitFor(() => expect(asked("PUT /operator/tenants/t-2/quotas")).toHaveLength(1));
    expect(asked("PUT /operator/tenants/t-2/quotas")[0]?.body).toMatchObject({
      licences: 10,
      calls: null,
    });
  });

  it("are suspended with a reason only, and say what was refused", async () => {
    const { user, asked } = openTenants({
      "POST /operator/tenants/t-2/suspend": {
        status: 409,
        body: { code: "already_closed", title: "no" },
      },
    });
    await choose(user, "Suspend");
    const sheet = within(await screen.findByRole("dialog", { name: "Suspend Bakery?" }));
    const go = sheet.getByRole<HTMLButtonElement>("button", { name: "Suspend" });
    expect(go.disabled).toBe(true);
    await user.type(sheet.getByLabelText("Reason"), "not paid");
    await user.click(go);
    await sheet.findByText("This has changed meanwhile. Close this and look again.");
    expect(asked("POST /operator/tenants/t-2/suspend")[0]?.body).toEqual({ why: "not paid" });
    expect(sheet.getByLabelText<HTMLInputElement>("Reason").value).toBe("not paid");
  });

  it("are found by what stands in the address", async () => {
    location.hash = "#/tenants?q=bak&status=active";
    const { asked } = openTenants();
    await screen.findByText("Bakery");
    expect(asked("GET /operator/tenants")[0]?.query.toString()).toBe("q=bak&status=active");
  });
});
