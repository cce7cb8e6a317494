import { screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { havePasskey } from "../../testing/passkey.ts";
import { meWith, openPortal, TOKEN } from "../../testing/portal.tsx";

async function enter(user: ReturnType<typeof openPortal>["user"]) {
  await user.type(await screen.findByLabelText("E-mail"), "ada@example.test");
  await user.type(screen.getByLabelText("Password"), "secret");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

afterEach(() => {
  vi.unstubAllGlobals();
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
    await user.click(await screen.findByRole("button", { name: "Use a passkey" }));
    expect(await screen.findByRole("navigation", { name: "Administration" })).toBeTruthy();
    expect(screen.queryByLabelText("Code")).toBeNull();
    expect(asked("POST /auth/passkey/finish")[0]?.body).toMatchObject({
      credential: { id: "AQID" },
    });
  });

  it("shows the other ways where this browser can do none of the second steps", async () => {
    const step = { code: "second_factor_required", step_token: "step-1", methods: ["passkey"] };
    const { user } = openPortal({ "POST /auth/login": { status: 401, body: step } }, false);
    await enter(user);
    await screen.findByRole("heading", { name: "One more step" });
    const link = screen.getByRole("link", { name: /Forgotten password, passkey/ });
    expect(link.getAttribute("href")).toBe("/");
    expect(screen.queryByRole("textbox")).toBeNull();
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
