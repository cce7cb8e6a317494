import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { comeBack, signInError } from "../../app/place.ts";
import { havePasskey } from "../../testing/passkey.ts";
import { meWith, openPortal, TOKEN } from "../../testing/portal.tsx";

async function enter(user: ReturnType<typeof openPortal>["user"]) {
  await user.type(await screen.findByLabelText("E-mail"), "ada@example.test");
  await user.type(screen.getByLabelText("Password"), "secret");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

afterEach(() => {
  vi.unstubAllGlobals();
  signInError.set(null);
  sessionStorage.clear();
});

describe("signing in to the portal", () => {
  it("asks for the second factor and goes on with it", async () => {
    const step = { code: "second_factor_required", step_token: "step-1", methods: ["totp"] };
    const { user, asked } = openPortal(
      {
        "POST /auth/login": { status: 401, body: step },
        "POST /auth/second-step": { body: TOKEN },
      },
      false,
    );
    await enter(user);
    await user.type(await screen.findByLabelText("Code"), "123456");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("navigation", { name: "Administration" })).toBeTruthy();
    expect(asked("POST /auth/second-step")[0]?.body).toEqual({
      step_token: "step-1",
      method: "totp",
      code: "123456",
    });
  });

  it("takes a passkey as the second step of those who have no app", async () => {
    havePasskey();
    const step = { code: "second_factor_required", step_token: "step-1", methods: ["passkey"] };
    const { user, asked } = openPortal(
      {
        "POST /auth/login": { status: 401, body: step },
        "POST /auth/passkey/begin": { body: { options: { challenge: "AQID" } } },
        "POST /auth/passkey/finish": { body: TOKEN },
      },
      false,
    );
    await enter(user);
    // The page of before has such a button, too.
    await screen.findByRole("heading", { name: "One more step" });
    await user.click(screen.getByRole("button", { name: "Use a passkey" }));
    expect(await screen.findByRole("navigation", { name: "Administration" })).toBeTruthy();
    expect(screen.queryByLabelText("Code")).toBeNull();
    expect(asked("POST /auth/passkey/finish")[0]?.body).toMatchObject({
      credential: { id: "AQID" },
    });
  });

  it("says so where this browser can do none of the second steps", async () => {
    const step = { code: "second_factor_required", step_token: "step-1", methods: ["passkey"] };
    const { user } = openPortal({ "POST /auth/login": { status: 401, body: step } }, false);
    await enter(user);
    await screen.findByRole("heading", { name: "One more step" });
    await screen.findByText(/Use one that has your passkey/);
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("goes by a passkey alone", async () => {
    havePasskey();
    const { user, asked } = openPortal(
      {
        "POST /auth/passkey/begin": { body: { options: { challenge: "AQID" } } },
        "POST /auth/passkey/finish": { body: TOKEN },
      },
      false,
    );
    await user.click(await screen.findByRole("button", { name: "Use a passkey" }));
    expect(await screen.findByRole("navigation", { name: "Administration" })).toBeTruthy();
    expect(asked("POST /auth/login")).toHaveLength(0);
  });

  it("leads to the company's own sign-in, and from there back to the page it was for", async () => {
    location.hash = "#/audit?who=ada";
    const gone: string[] = [];
    vi.stubGlobal("location", {
      hash: location.hash,
      pathname: "/admin/",
      search: "",
      assign: (url: string) => gone.push(url),
    });
    const sso = { name: "Example GmbH", start_url: "/api/v1/auth/sso/1/start" };
    const { user } = openPortal({ "GET /auth/methods": { body: { password: true, sso } } }, false);
    await user.type(await screen.findByLabelText("E-mail"), "ada@example.test");
    await user.tab();
    await user.click(await screen.findByRole("button", { name: "Continue with Example GmbH" }));
    expect(gone[0]).toMatch(/^\/api\/v1\/auth\/sso\/1\/start\?to=admin&email=ada/);
    vi.unstubAllGlobals();

    location.hash = "#sign_in_error=account_unknown";
    comeBack();
    expect(location.hash).toBe("#/audit?who=ada");
    expect(await screen.findByText(/There is no account for you here yet/)).toBeTruthy();
    // Once: the next time it is another page.
    location.hash = "#sign_in_error=bad";
    comeBack();
    expect(location.hash).toBe("");
  });

  it("sends a letter to whoever forgot the password", async () => {
    const { user, asked } = openPortal({ "POST /auth/password-reset": { status: 202 } }, false);
    await user.type(await screen.findByLabelText("E-mail"), "ada@example.test");
    await user.click(screen.getByRole("button", { name: "Forgot your password?" }));
    await user.click(await screen.findByRole("button", { name: "Send the link" }));
    await screen.findByText(/If ada@example.test has an account/);
    expect(asked("POST /auth/password-reset")[0]?.body).toEqual({ email: "ada@example.test" });
  });

  it("leads back to the page on which the session expired, and nowhere who left", async () => {
    location.hash = "#/keys";
    let live = true;
    const { user, api } = openPortal({
      "POST /auth/refresh": () => (live ? { body: TOKEN } : { status: 401, body: {} }),
      "POST /auth/login": { body: TOKEN },
      "GET /admin/keys": { body: { items: [], next_cursor: null } },
    });
    await screen.findByRole("heading", { name: "API keys" });
    live = false;
    await act(() => api.session.renew());
    await screen.findByText("Your session has expired. Please sign in again.");
    await enter(user);
    await screen.findByRole("heading", { name: "API keys" });
    await user.click(screen.getByRole("button", { name: "Sign out" }));
    await screen.findByLabelText("E-mail");
    expect(location.hash).toBe("#/");
  });

  it("says that a second factor is to be set up, and where", async () => {
    const refused = { status: 403, body: { code: "second_factor_setup_required", title: "no" } };
    openPortal({ "GET /me": refused });
    expect(await screen.findByText(/Set it up on the phone’s page first/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "To the phone" }).getAttribute("href")).toBe("/");
    expect(screen.getByRole("button", { name: "Sign out" })).toBeTruthy();
  });

  it("says what is wrong with a password, and keeps the address", async () => {
    const refused = { status: 401, body: { code: "bad_credentials", title: "no" } };
    const { user } = openPortal({ "POST /auth/login": refused }, false);
    await enter(user);
    expect(await screen.findByText("E-mail or password is wrong.")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("E-mail").value).toBe("ada@example.test");
  });

  it("gives those without a role in administration a plain page", async () => {
    openPortal({ "GET /me": { body: meWith([]) } });
    expect(await screen.findByRole("heading", { name: "Nothing to administer" })).toBeTruthy();
    expect(screen.queryByRole("navigation")).toBeNull();
  });

  it("shows each role only the pages that it may use", async () => {
    openPortal({ "GET /me": { body: meWith(["people.read", "tenant.read"]) } });
    const nav = await screen.findByRole("navigation", { name: "Administration" });
    await waitFor(() => {
      const links = [...nav.querySelectorAll("a")].map((link) => link.textContent);
      expect(links).toEqual(["Overview", "People"]);
    });
  });

  it("changes the language without a reload or a new sign-in", async () => {
    const { user, asked } = openPortal({});
    await user.selectOptions(await screen.findByLabelText("Language"), "de");
    expect(await screen.findByRole("link", { name: "Übersicht" })).toBeTruthy();
    expect(document.documentElement.lang).toBe("de");
    expect(asked("POST /auth/refresh")).toHaveLength(1);
  });
});
