import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { meWith, openPortal } from "../../testing/portal.tsx";

const BUNDLE = {
  id: "b-1",
  reference: "0A1B2C3D",
  source: "webapp",
  sender: { id: "u-2", name: "Berta Schulz" },
  note: "no sound",
  size: 2048,
  redacted: 3,
  created_at: "2026-11-20T10:00:00Z",
  kept_until: "2026-12-20T10:00:00Z",
};

it("lists what people sent, and sends what went wrong here without what was asked for", async () => {
  location.hash = "#/people?q=Secretperson";
  const portal = openPortal({
    "GET /me": { body: meWith(["people.read", "diagnostics.read"]) },
    "GET /admin/people": { status: 503, body: { code: "unavailable", title: "Not now" } },
    "GET /admin/diagnostics": { body: { items: [BUNDLE], next_cursor: null } },
    "POST /diagnostics": {
      status: 201,
      body: { id: "b-2", reference: "11112222", redacted: 0, kept_until: BUNDLE.kept_until },
    },
  });
  const { user } = portal;
  await screen.findByRole("button", { name: "Try again" }, { timeout: 5_000 });
  await user.click(screen.getByRole("link", { name: "Diagnostics" }));
  const table = await screen.findByRole("table", { name: "Diagnostics" });
  for (const words of ["Berta Schulz", "no sound", "0A1B2C3D", "Phone"]) {
    expect(within(table).getByText(words)).toBeTruthy();
  }
  await user.click(screen.getByRole("button", { name: "Send diagnostics of this page" }));
  const content = await screen.findByLabelText("What is in it");
  const shown = JSON.parse(content.textContent) as Record<string, unknown>;
  expect(shown["troubles"]).toContainEqual(
    expect.objectContaining({ route: "GET /admin/people", status: 503, code: "unavailable" }),
  );
  for (const word of ["Secretperson", "Ada", "ada@example.test", "Bearer"]) {
    expect(content.textContent).not.toContain(word);
  }
  await user.type(screen.getByLabelText("What went wrong"), "the list stays empty");
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText("Sent. Its reference is 11112222.")).toBeTruthy();
  expect(portal.asked("POST /diagnostics").map((one) => one.body)).toEqual([
    { source: "portal", note: "the list stays empty", bundle: shown },
  ]);
});

it("shows the operator what a company's people sent, without who they are", async () => {
  location.hash = "#/tenants";
  const tenant = {
    id: "t-2",
    name: "Plumbing Ltd",
    kind: "customer",
    status: "suspended",
    users: 3,
    licences: null,
    quotas: {},
    created_at: "2026-01-02T10:00:00Z",
  };
  const { id, reference, source, size, redacted, created_at, kept_until } = BUNDLE;
  const nameless = { id, reference, source, size, redacted, created_at, kept_until };
  const { user, asked } = openPortal({
    "GET /me": { body: meWith(["platform"]) },
    "GET /operator/tenants": { body: { items: [tenant], next_cursor: null } },
    "GET /operator/tenants/t-2/diagnostics": { body: { items: [nameless], next_cursor: null } },
    "GET /operator/tenants/t-2/diagnostics/b-1": { body: { link: "lost" } },
  });
  await user.click(await screen.findByRole("button", { name: "Actions for Plumbing Ltd" }));
  await user.click(await screen.findByRole("menuitem", { name: "Diagnostics" }));
  const sheet = await screen.findByRole("dialog", { name: "Diagnostics of Plumbing Ltd" });
  expect(await within(sheet).findByText("0A1B2C3D")).toBeTruthy();
  vi.stubGlobal(
    "URL",
    Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => undefined }),
  );
  await user.click(within(sheet).getByRole("button", { name: "Download 0A1B2C3D" }));
  await vi.waitFor(() =>
    expect(asked("GET /operator/tenants/t-2/diagnostics/b-1")).toHaveLength(1),
  );
});
