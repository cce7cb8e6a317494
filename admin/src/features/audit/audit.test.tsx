import { screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

const LIST = { items: [], next_cursor: null };

beforeEach(() => {
  location.hash = "#/audit?who=ada&since=2026-01-02";
});

describe("the audit", () => {
  it("is filtered by its address, and keeps the filters in it", async () => {
    const { user, asked } = openPortal({ "GET /admin/audit": { body: LIST } });
    await screen.findByText("Nothing fits these filters.");
    const query = asked("GET /admin/audit")[0]?.query;
    expect(query?.get("who")).toBe("ada");
    expect(query?.get("since")).toBe(new Date("2026-01-02T00:00:00").toISOString());
    await user.clear(screen.getByLabelText("Who"));
    await waitFor(() => expect(location.hash).not.toContain("who"));
    await waitFor(() => expect(asked("GET /admin/audit").at(-1)?.query.get("who")).toBeNull());
  });

  it("says where its chain is broken", async () => {
    const verdict = {
      whole: false,
      entries: 9,
      first_broken: 7,
      fault: "changed",
      last: 9,
      digest: "ab12",
    };
    const { user } = openPortal({
      "GET /admin/audit": { body: LIST },
      "POST /admin/audit/verify": { body: verdict },
    });
    await user.click(await screen.findByRole("button", { name: "Verify the chain" }));
    await screen.findByText("The chain is broken at entry 7: it was altered.");
    expect(screen.getByText("ab12")).toBeTruthy();
  });
});
