import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reportBack } from "../../app/proof.ts";
import { havePasskey } from "../../testing/passkey.ts";
import { openPortal, TOKEN } from "../../testing/portal.tsx";

const KEY = {
  id: "k-1",
  prefix: "gwc_k1",
  name: "Office",
  kind: "connector",
  scopes: [],
  site: { id: "s-1", name: "Munich" },
  created_at: "2026-01-02T10:00:00Z",
  created_by: null,
  last_used: null,
  expires_at: null,
  revoked_at: null,
  replaced_by: null,
  state: "active",
};
const LIST = { items: [KEY], next_cursor: null, scopes: ["scim"] };

beforeEach(() => {
  location.hash = "#/keys";
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function choose(user: ReturnType<typeof openPortal>["user"], act: string) {
  await user.click(await screen.findByRole("button", { name: "Actions for Office" }));
  await user.click(await screen.findByRole("menuitem", { name: act }));
}

describe("keys", () => {
  it("are regenerated with a change-over, and the new one is shown this once", async () => {
    const { user, asked } = openPortal({
      "GET /admin/keys": { body: LIST },
      "POST /admin/keys/k-1/regenerate": { status: 201, body: { key: KEY, text: "gwc_k1_secret" } },
    });
    await choose(user, "Regenerate");
    expect(await screen.findByText(/connector of Munich stops/)).toBeTruthy();
    await user.click(screen.getByLabelText("in 24 hours"));
    await user.click(screen.getByRole("button", { name: "Regenerate" }));
    expect(await screen.findByText("gwc_k1_secret")).toBeTruthy();
    expect(asked("POST /admin/keys/k-1/regenerate")[0]?.body).toEqual({ change_over_hours: 24 });
    // It goes only when somebody says that it is kept elsewhere.
    await user.keyboard("{Escape}");
    expect(screen.getByText("gwc_k1_secret")).toBeTruthy();
    await user.click(screen.getByLabelText("I have stored it"));
    await user.click(screen.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByText("gwc_k1_secret")).toBeNull());
  });

  it("ask for a fresh proof first where the server wants one, then go on by themselves", async () => {
    let proven = false;
    const { user, asked } = openPortal({
      "GET /admin/keys": { body: LIST },
      "POST /auth/step-up": () => {
        proven = true;
        return { body: { proven_until: "2026-01-02T11:00:00Z" } };
      },
      "DELETE /admin/keys/k-1": () =>
        proven
          ? { status: 204 }
          : { status: 403, body: { code: "step_up_required", methods: ["password"] } },
    });
    await choose(user, "Revoke");
    await user.click(await screen.findByRole("button", { name: "Revoke" }));
    await user.type(await screen.findByLabelText("Password"), "secret");
    await user.click(screen.getByRole("button", { name: "Confirm" }));
    await waitFor(() => expect(asked("DELETE /admin/keys/k-1")).toHaveLength(2));
    expect(asked("POST /auth/step-up")[0]?.body).toEqual({
      method: "password",
      password: "secret",
    });
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  });

  it("stay as they are when the proof is not given", async () => {
    const refused = { status: 403, body: { code: "step_up_required", methods: ["password"] } };
    const { user, asked } = openPortal({
      "GET /admin/keys": { body: LIST },
      "DELETE /admin/keys/k-1": refused,
    });
    await choose(user, "Revoke");
    await user.click(await screen.findByRole("button", { name: "Revoke" }));
    const dialog = await screen.findByRole("dialog", { name: "Is it you?" });
    await user.click(
      [...dialog.querySelectorAll("button")].find((one) => one.textContent === "Cancel")!,
    );
    expect(await screen.findByText("Please confirm first who you are.")).toBeTruthy();
    expect(asked("DELETE /admin/keys/k-1")).toHaveLength(1);
  });

  it("take a passkey as proof of those who have no password", async () => {
    havePasskey();
    let proven = false;
    const { user, asked } = openPortal({
      "GET /admin/keys": { body: LIST },
      "POST /auth/passkey/begin": { body: { options: { challenge: "AQID" } } },
      "POST /auth/step-up": () => {
        proven = true;
        return { body: { proven_until: "2026-01-02T11:00:00Z" } };
      },
      "DELETE /admin/keys/k-1": () =>
        proven
          ? { status: 204 }
          : { status: 403, body: { code: "step_up_required", methods: ["passkey"] } },
    });
    await choose(user, "Revoke");
    await user.click(await screen.findByRole("button", { name: "Revoke" }));
    await user.click(await screen.findByRole("button", { name: "Use a passkey" }));
    await waitFor(() => expect(asked("DELETE /admin/keys/k-1")).toHaveLength(2));
    expect(asked("POST /auth/step-up")[0]?.body).toMatchObject({
      method: "passkey",
      credential: { id: "AQID" },
    });
  });

  it("send those who sign in at their company to a new sign-in", async () => {
    const refused = { status: 403, body: { code: "step_up_required", methods: [] } };
    const { user, asked } = openPortal({
      "GET /admin/keys": { body: LIST },
      "DELETE /admin/keys/k-1": refused,
    });
    await choose(user, "Revoke");
    await user.click(await screen.findByRole("button", { name: "Revoke" }));
    await user.click(await screen.findByRole("button", { name: "Sign in again" }));
    await screen.findByRole("heading", { name: "Sign in to administration" });
    expect(asked("POST /auth/logout")).toHaveLength(1);
    expect(asked("POST /auth/step-up")).toHaveLength(0);
  });

  it("go on with what was typed after the company's proof in a window of its own", async () => {
    let proven = false;
    const refused = { code: "step_up_required", methods: [], sign_on: "/api/v1/auth/sso/1/start" };
    const { user, asked } = openPortal({
      "POST /auth/refresh": () => ({
        body: proven ? { ...TOKEN, access_token: "u", session_id: "s-2" } : TOKEN,
      }),
      "GET /admin/keys": { body: { ...LIST, items: [] } },
      "GET /admin/sites": { body: { items: [{ id: "s-1", name: "Munich" }], next_cursor: null } },
      "POST /admin/keys": () =>
        proven
          ? { status: 201, body: { key: KEY, text: "gwc_k1_secret" } }
          : { status: 403, body: refused },
    });
    const marks: (string | null)[] = [];
    const open = vi.spyOn(window, "open").mockImplementation(() => {
      marks.push(sessionStorage.getItem("offhook.admin.proof"));
      return window;
    });
    await user.click((await screen.findAllByRole("button", { name: "New key" }))[0]!);
    await user.type(await screen.findByLabelText("Name"), "Office");
    await screen.findByRole("option", { name: "Munich" });
    await user.click(screen.getByRole("button", { name: "Make the key" }));
    await user.click(await screen.findByRole("button", { name: "Sign in again" }));
    expect(open.mock.calls[0]?.[0]).toMatch(
      /^\/api\/v1\/auth\/sso\/1\/start\?to=admin.*fresh=true/,
    );
    await screen.findByText("Waiting for the other window …");

    const other = new BroadcastChannel("offhook-proof");
    const heard = new Promise((done) => {
      other.onmessage = ({ data }) => done(data);
    });
    // Somebody signs in as usual in another tab, and another window of this kind comes back.
    const close = vi.spyOn(window, "close").mockReturnValue(undefined);
    expect(sessionStorage.getItem("offhook.admin.proof")).toBeNull();
    reportBack(null);
    other.postMessage({ mark: "other", error: null });
    other.postMessage({ mark: marks[0], error: "provider_refused" });
    await screen.findByText(/Your company’s sign-in refused/);
    expect(await heard).toBe(marks[0]);
    expect(close).not.toHaveBeenCalled();
    close.mockRestore();
    await user.click(screen.getByRole("button", { name: "Sign in again" }));
    await screen.findByText("Waiting for the other window …");
    proven = true;
    expect(marks[1]).not.toBe(marks[0]);
    other.postMessage({ mark: marks[1], error: null });
    expect(await screen.findByText("gwc_k1_secret")).toBeTruthy();
    expect(asked("POST /admin/keys").map(({ body }) => body)).toMatchObject([
      { name: "Office" },
      { name: "Office" },
    ]);
    expect(asked("POST /auth/logout")).toHaveLength(0);
    other.close();
    open.mockRestore();
  });

  it("come back to this page from the company's proof where no window may open", async () => {
    const refused = { code: "step_up_required", methods: [], sign_on: "sso-1" };
    vi.spyOn(window, "open").mockReturnValueOnce(null);
    const { user } = openPortal({
      "GET /admin/keys": { body: LIST },
      "DELETE /admin/keys/k-1": { status: 403, body: refused },
    });
    await choose(user, "Revoke");
    await user.click(await screen.findByRole("button", { name: "Revoke" }));
    await user.click(await screen.findByRole("button", { name: "Sign in again" }));
    expect(sessionStorage.getItem("offhook.admin.place")).toBe("#/keys");
    sessionStorage.clear();
  });

  it("are made once, however often Enter is pressed", async () => {
    const { user, asked } = openPortal({
      "GET /admin/keys": { body: { ...LIST, items: [] } },
      "GET /admin/sites": { body: { items: [{ id: "s-1", name: "Munich" }], next_cursor: null } },
      "POST /admin/keys": { status: 201, body: { key: KEY, text: "gwc_k1_secret" } },
    });
    await user.click((await screen.findAllByRole("button", { name: "New key" }))[0]!);
    const name = await screen.findByLabelText("Name");
    await user.type(name, "Office");
    const form = name.closest("form")!;
    await screen.findByRole("option", { name: "Munich" });
    act(() => {
      form.requestSubmit();
      form.requestSubmit();
    });
    expect(await screen.findByText("gwc_k1_secret")).toBeTruthy();
    expect(asked("POST /admin/keys")).toHaveLength(1);
  });
});
