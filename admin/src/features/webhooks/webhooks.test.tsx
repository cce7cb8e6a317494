import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { meWith, openPortal } from "../../testing/portal.tsx";
import { lookIn } from "./Deliveries.tsx";
import { eventsOf, nameOf, stateOf, withEvent } from "./webhooks.ts";

const HOOK = {
  id: "w-1",
  url: "https://hooks.example.test/in",
  description: "Tickets",
  events: ["call.missed"],
  state: "active",
  failing_since: null,
  delivered_at: "2026-01-02T10:00:00Z",
  failed_at: null,
  error: "",
  waiting: 0,
  dead: 2,
  old_secret_until: null,
  created_at: "2026-01-02T09:00:00Z",
  created_by: "Ada",
  version: 3,
};
const LIST = { items: [HOOK], next_cursor: null, limit: 10 };
const DEAD = {
  id: "d-1",
  event: "call.missed",
  state: "dead",
  attempts: 20,
  created_at: "2026-01-02T10:00:00Z",
  next_try_at: null,
  settled_at: "2026-01-03T10:00:00Z",
  error: "The server answers 500",
};
const ME = { body: meWith(["webhooks.write"]) };

beforeEach(() => {
  location.hash = "#/webhooks";
});

afterEach(() => {
  vi.unstubAllGlobals();
});

type User = ReturnType<typeof openPortal>["user"];

async function choose(user: User, act: string) {
  await user.click(await screen.findByRole("button", { name: "Actions for Tickets" }));
  await user.click(await screen.findByRole("menuitem", { name: act }));
}

describe("webhooks", () => {
  it("are set up with chosen events, and the secret is shown this once", async () => {
    const { user, asked } = openPortal({
      "GET /me": ME,
      "GET /admin/webhooks": { body: { ...LIST, items: [] } },
      "POST /admin/webhooks": { status: 201, body: { webhook: HOOK, secret: "whsec_abc" } },
    });
    expect(await screen.findByText("There are no webhooks yet.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "New webhook" }));
    await user.type(await screen.findByLabelText("URL"), HOOK.url);
    const make = screen.getByRole("button", { name: "Set up the webhook" });
    expect(make.hasAttribute("disabled")).toBe(true);
    await user.click(screen.getByLabelText("An API key was revoked"));
    await user.click(screen.getByLabelText("A call was missed"));
    await user.click(make);
    expect(await screen.findByText("whsec_abc")).toBeTruthy();
    expect(asked("POST /admin/webhooks")[0]?.body).toEqual({
      url: HOOK.url,
      description: "",
      events: ["call.missed", "key.revoked"],
    });
  });

  it("are paused as they were read", async () => {
    const { user, asked } = openPortal({
      "GET /me": ME,
      "GET /admin/webhooks": { body: LIST },
      "PUT /admin/webhooks/w-1": { body: { ...HOOK, state: "paused" } },
    });
    await choose(user, "Pause");
    const dialog = await screen.findByRole("alertdialog");
    await user.click(within(dialog).getByRole("button", { name: "Pause" }));
    await waitFor(() => expect(asked("PUT /admin/webhooks/w-1")).toHaveLength(1));
    const [put] = asked("PUT /admin/webhooks/w-1");
    expect(put?.headers.get("If-Match")).toBe('"3"');
    expect(put?.body).toMatchObject({ paused: true, events: ["call.missed"] });
  });

  it("get another secret, with a day for the change-over if nothing else is chosen", async () => {
    const { user, asked } = openPortal({
      "GET /me": ME,
      "GET /admin/webhooks": { body: LIST },
      "POST /admin/webhooks/w-1/secret": {
        status: 201,
        body: { webhook: HOOK, secret: "whsec_new" },
      },
    });
    await choose(user, "New secret");
    const dialog = await screen.findByRole("dialog", { name: /New secret for/ });
    await user.click(within(dialog).getByRole("button", { name: "New secret" }));
    expect(await screen.findByText("whsec_new")).toBeTruthy();
    expect(asked("POST /admin/webhooks/w-1/secret")[0]?.body).toEqual({ change_over_hours: 24 });
  });

  it("show what was given up and why, and send it again", async () => {
    let items = [DEAD];
    const { user, asked } = openPortal({
      "GET /me": ME,
      "GET /admin/webhooks": { body: LIST },
      "GET /admin/webhooks/w-1/deliveries": () => ({ body: { items, next_cursor: null } }),
      "POST /admin/webhooks/w-1/deliveries/d-1/again": () => {
        items = [{ ...DEAD, state: "delivered", error: "" }];
        return { status: 202, body: DEAD };
      },
      "POST /admin/webhooks/w-1/test": { status: 202, body: DEAD },
    });
    await choose(user, "Deliveries");
    const error = await screen.findByText("The server answers 500");
    expect(error.lang, "as it is in English in every language").toBe("en");
    await user.click(screen.getByRole("button", { name: "Send again" }));
    await waitFor(() => expect(screen.queryByText("The server answers 500")).toBeNull());
    await user.click(screen.getByRole("button", { name: "Send a test event" }));
    await waitFor(() => expect(asked("POST /admin/webhooks/w-1/test")).toHaveLength(1));
    await user.selectOptions(screen.getByLabelText("Show"), "dead");
    await waitFor(() =>
      expect(asked("GET /admin/webhooks/w-1/deliveries").at(-1)?.query.get("state")).toBe("dead"),
    );
  });

  it("that were stopped can be looked into, but send nothing", async () => {
    const stopped = { ...HOOK, state: "stopped", failing_since: "2026-01-01T10:00:00Z" };
    const { user } = openPortal({
      "GET /me": ME,
      "GET /admin/webhooks": { body: { ...LIST, items: [stopped], limit: 1 } },
      "GET /admin/webhooks/w-1/deliveries": { body: { items: [DEAD], next_cursor: null } },
    });
    expect(await screen.findByText("Stopped after days of failure")).toBeTruthy();
    expect(screen.getByRole("button", { name: "New webhook" }).hasAttribute("disabled")).toBe(true);
    await choose(user, "Deliveries");
    await screen.findByText("The server answers 500");
    expect(screen.queryByRole("button", { name: "Send again" })).toBeNull();
    const test = screen.getByRole("button", { name: "Send a test event" });
    expect(test.hasAttribute("disabled")).toBe(true);
  });
});

describe("a webhook that is stopped meanwhile", () => {
  it("can send nothing again from then on", async () => {
    let hook: object = HOOK;
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const { user } = openPortal({
      "GET /me": ME,
      "GET /admin/webhooks": () => ({ body: { ...LIST, items: [hook] } }),
      "GET /admin/webhooks/w-1/deliveries": {
        body: {
          items: [{ ...DEAD, state: "waiting", attempts: 2, next_try_at: soon }],
          next_cursor: null,
        },
      },
      "POST /admin/webhooks/w-1/test": () => {
        hook = { ...HOOK, state: "stopped" };
        return { status: 409, body: { code: "not_active", title: "" } };
      },
    });
    await choose(user, "Deliveries");
    expect((await screen.findByText("The server answers 500")).lang).toBe("en");
    const test = screen.getByRole("button", { name: "Send a test event" });
    await user.click(test);
    await waitFor(() => expect(test.hasAttribute("disabled")).toBe(true));
  });
});

describe("what is chosen", () => {
  it("stands in one order, and unknown words of a newer server are left out", () => {
    expect(withEvent("key.revoked", "call.ended", true)).toBe("call.ended key.revoked");
    expect(withEvent("call.ended key.revoked", "call.ended", false)).toBe("key.revoked");
    expect(eventsOf("call.ended fax.sent")).toEqual(["call.ended"]);
  });

  it("has a name and a state for people", () => {
    expect(nameOf({ description: "", url: "https://a.test:8443/secret" })).toBe("a.test:8443");
    expect(nameOf({ description: "", url: "?" })).toBe("?");
    const since = "2026-01-01T10:00:00Z";
    expect(stateOf({ state: "active", failing_since: since })).toBe("failing");
    expect(stateOf({ state: "paused", failing_since: since })).toBe("paused");
  });
});

describe("deliveries", () => {
  it("are looked at again when the next of them is due", () => {
    const now = Date.parse("2026-01-02T10:00:00Z");
    const waiting = (at: string | null) => ({ state: "waiting" as const, next_try_at: at });
    const over = { state: "delivered" as const, next_try_at: null };
    expect(lookIn([over], now)).toBe(false);
    expect(lookIn([over, waiting("2026-01-02T11:00:00Z")], now)).toBe(3_600_000);
    const soon = [waiting("2026-01-02T11:00:00Z"), waiting("2026-01-02T09:59:59Z")];
    expect(lookIn(soon, now)).toBe(2_000);
    expect(lookIn([waiting(null)], now)).toBe(2_000);
  });
});
