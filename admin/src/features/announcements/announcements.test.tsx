import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

const ONE = {
  id: "n-1",
  title: "New lines",
  text: "",
  kind: "news",
  urgency: "scheduled",
  audience: "everyone",
  release: "",
  translations: { de: { title: "Neue Leitungen", text: "" } },
  starts_at: null,
  ends_at: null,
  shown_from: "2026-01-02T10:00:00Z",
  shown_until: "2036-01-02T10:00:00Z",
  version: 2,
};

beforeEach(() => {
  location.hash = "#/announcements";
});

describe("announcements", () => {
  it("are changed without losing their translations", async () => {
    const { user, asked } = openPortal({
      "GET /admin/announcements": { body: { items: [ONE], next_cursor: null } },
      "PUT /admin/announcements/n-1": { body: ONE },
    });
    await user.click(await screen.findByRole("button", { name: "Actions for New lines" }));
    await user.click(await screen.findByRole("menuitem", { name: "Edit" }));
    await user.type(await screen.findByLabelText("Title"), "!");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await vi.waitFor(() => expect(asked("PUT /admin/announcements/n-1")).toHaveLength(1));
    const sent = asked("PUT /admin/announcements/n-1")[0];
    expect(sent?.headers.get("if-match")).toBe('"2"');
    expect(sent?.body).toMatchObject({ title: "New lines!", translations: ONE.translations });
  });

  it("are removed after a question, and a refusal keeps the question open", async () => {
    const { user } = openPortal({
      "GET /admin/announcements": { body: { items: [ONE], next_cursor: null } },
      "DELETE /admin/announcements/n-1": {
        status: 404,
        body: { code: "announcement_unknown", title: "no" },
      },
    });
    await user.click(await screen.findByRole("button", { name: "Actions for New lines" }));
    await user.click(await screen.findByRole("menuitem", { name: "Remove" }));
    const dialog = within(await screen.findByRole("alertdialog", { name: "Remove “New lines”?" }));
    await user.click(dialog.getByRole("button", { name: "Remove" }));
    await dialog.findByText("This is not there any more. Look at the list again.");
  });

  it("ask before a half-written one is thrown away", async () => {
    const { user } = openPortal({
      "GET /admin/announcements": { body: { items: [], next_cursor: null } },
    });
    await user.click(await screen.findByRole("button", { name: "New announcement" }));
    await user.type(await screen.findByLabelText("Title"), "Soon");
    await user.keyboard("{Escape}");
    const asked = within(await screen.findByRole("alertdialog"));
    await user.click(asked.getByRole("button", { name: "Go on editing" }));
    expect(screen.getByLabelText<HTMLInputElement>("Title").value).toBe("Soon");
  });

  it("ask before the way back, or another address, throws one away", async () => {
    const { user } = openPortal({
      "GET /admin/announcements": { body: { items: [], next_cursor: null } },
    });
    await user.click(await screen.findByRole("button", { name: "New announcement" }));
    await user.type(await screen.findByLabelText("Title"), "Soon");
    const closing = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(closing);
    expect(closing.defaultPrevented).toBe(true);
    location.hash = "#/usage";
    const asked = within(await screen.findByRole("alertdialog"));
    expect(location.hash).toBe("#/announcements");
    await user.click(asked.getByRole("button", { name: "Go on editing" }));
    expect(screen.getByLabelText<HTMLInputElement>("Title").value).toBe("Soon");
    location.hash = "#/usage";
    await user.click(
      within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Discard" }),
    );
    await screen.findByRole("heading", { level: 1, name: "Usage" });
    location.hash = "#/announcements";
    await screen.findByRole("heading", { level: 1, name: "Announcements" });
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });
});
