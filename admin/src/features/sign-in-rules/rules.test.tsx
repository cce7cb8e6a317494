import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openPortal } from "../../testing/portal.tsx";
import { groupsOf, strangeLines } from "./groups.ts";

const PROVIDER = {
  id: "c-1",
  name: "Example",
  issuer: "https://id.test",
  client_id: "x",
  has_secret: true,
  secret_expires_at: null,
  scopes: "openid",
  groups_claim: "groups",
  role_by_group: {},
  create_users: false,
  active: true,
  redirect_uri: "https://phone.test/back",
  last_sign_in: null,
  last_test: null,
  last_error: "",
  last_error_at: null,
  version: 1,
};
const DOMAIN = {
  id: "d-1",
  domain: "example.test",
  state: "proven",
  missing_since: null,
  dns_name: "_x.example.test",
  dns_value: "abc",
  connection_id: "c-1",
};
const DIRECTORY = {
  version: 1,
  host: "ldap.test",
  port: 636,
  security: "ldaps",
  ca_pem: "",
  method: "search",
  user_dn: "",
  base_dn: "dc=test",
  user_filter: "",
  bind_dn: "",
  has_bind_password: false,
  email_attribute: "mail",
  name_attribute: "cn",
  group_attribute: "memberOf",
  role_by_group: {},
  create_users: false,
  active: true,
};
const RULES = { version: 1, second_factor: "optional", password_min_length: 10, session_days: 30 };

beforeEach(() => {
  location.hash = "#/sign-in";
});

function openRules(more: Parameters<typeof openPortal>[0] = {}) {
  return openPortal({
    "GET /admin/sign-in": { body: RULES },
    "GET /admin/sso": { body: { items: [PROVIDER], next_cursor: null } },
    "GET /admin/sign-in-domains": { body: { items: [DOMAIN], next_cursor: null } },
    "GET /admin/directory-sign-in": { body: DIRECTORY },
    "GET /admin/scim": {
      body: { version: 1, base_url: "https://x", role_by_group: {}, last_request: null },
    },
    ...more,
  });
}

describe("the rules of signing in", () => {
  it("keep a domain until it is said what removing it does", async () => {
    const { user, asked } = openRules({ "DELETE /admin/sign-in-domains/d-1": { status: 204 } });
    const domains = within(await screen.findByRole("region", { name: "Domains" }));
    await user.click(await domains.findByRole("button", { name: "Remove" }));
    const dialog = within(await screen.findByRole("alertdialog", { name: "Remove example.test?" }));
    expect(asked("DELETE /admin/sign-in-domains/d-1")).toHaveLength(0);
    await user.click(dialog.getByRole("button", { name: "Remove" }));
    await vi.waitFor(() => expect(asked("DELETE /admin/sign-in-domains/d-1")).toHaveLength(1));
  });

  it("send no number that is none, and no role that nobody knows", async () => {
    const { user, asked } = openRules();
    const days = await screen.findByLabelText("Days until one signs in again");
    await user.clear(days);
    await user.type(days, "soon");
    const rules = within(screen.getByRole("region", { name: "Rules" }));
    await user.click(rules.getByRole("button", { name: "Save" }));
    await screen.findByText("A whole number, please.");
    const scim = within(screen.getByRole("region", { name: /SCIM/ }));
    await user.type(await scim.findByLabelText("Roles by group"), "staff = user{Enter}boss = chef");
    await user.click(scim.getByRole("button", { name: "Save" }));
    await scim.findByText("These lines say no role: boss = chef");
    expect(asked("PUT /admin/sign-in")).toHaveLength(0);
    expect(asked("PUT /admin/scim")).toHaveLength(0);
    expect(groupsOf("a = b = user\n\nx = admin")).toEqual({ "a = b": "user", x: "admin" });
    expect(strangeLines("a = b = user\n x \n")).toEqual([" x "]);
  });

  it("tell a test sign-in's outcome by its code, and what the provider said as English", async () => {
    const test = {
      id: "t-1",
      ok: false,
      code: "account_unknown",
      detail: "no such subject",
      email: "dora@example.test",
      name: "Dora",
      groups: ["staff"],
      role: "",
    };
    const { user } = openRules({
      "POST /admin/sso/c-1/test": { body: { id: "t-1", url: "https://id.test/authorize" } },
      "GET /admin/sso/c-1": { body: { ...PROVIDER, last_test: test } },
    });
    const page = { location: { href: "" }, close: vi.fn() };
    vi.spyOn(window, "open").mockReturnValueOnce(page as unknown as Window);
    await user.click(await screen.findByRole("button", { name: /Actions.*Example/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Test sign-in" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Test sign-in" }));
    await user.click(sheet.getByRole("button", { name: "Test sign-in" }));
    await sheet.findByText(/There is no account for you here yet/);
    expect(sheet.getByText("no such subject").lang).toBe("en");
    expect(page.location.href).toBe("https://id.test/authorize");
  });

  it("test the directory with somebody's password, and keep what was typed", async () => {
    const { user, asked } = openRules({
      "POST /admin/directory-sign-in/test": {
        body: { ok: false, code: "bad_credentials", detail: "invalid credentials (49)" },
      },
    });
    const card = within(await screen.findByRole("region", { name: "Directory (LDAP)" }));
    await user.click(await card.findByRole("button", { name: "Test sign-in" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Test sign-in" }));
    await user.type(sheet.getByLabelText("E-mail"), "dora@example.test");
    await user.type(sheet.getByLabelText("Password"), "secret");
    await user.click(sheet.getByRole("button", { name: "Test sign-in" }));
    expect((await sheet.findByText("invalid credentials (49)")).lang).toBe("en");
    expect(asked("POST /admin/directory-sign-in/test")[0]?.body).toEqual({
      email: "dora@example.test",
      password: "secret",
    });
    expect(sheet.getByLabelText<HTMLInputElement>("E-mail").value).toBe("dora@example.test");
  });
});
