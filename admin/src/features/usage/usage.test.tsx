import { screen } from "@testing-library/react";
import { it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

const LICENCES = { used: 3, total: 5, available: 2 };

it("says that nothing was used yet, and why the file did not come", async () => {
  location.hash = "#/usage";
  const { user } = openPortal({
    "GET /admin/usage": { body: { items: [], licences: LICENCES } },
    "GET /admin/usage.csv": {
      status: 429,
      body: { code: "rate_limited", title: "no", retry_after: 7 },
    },
  });
  await screen.findByText("Nothing has been used yet.");
  await user.click(screen.getByRole("button", { name: "Export CSV" }));
  await screen.findByText("Too many attempts. Try again in 7 s.");
});

it("can be asked again when it did not come", async () => {
  location.hash = "#/usage";
  let there = false;
  const { user } = openPortal({
    "GET /admin/usage": () =>
      there
        ? { body: { items: [], licences: LICENCES } }
        : { status: 500, body: { code: "internal", title: "no" } },
  });
  const again = await screen.findByRole("button", { name: "Try again" }, { timeout: 5_000 });
  there = true;
  await user.click(again);
  await screen.findByText("Nothing has been used yet.");
});
