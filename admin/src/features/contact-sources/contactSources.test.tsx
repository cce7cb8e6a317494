import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

beforeEach(() => {
  location.hash = "#/sources";
});

const LDAP = {
  host: "ldap.example.test",
  port: 389,
  security: "starttls",
  ca_pem: "",
  bind_dn: "cn=reader",
  has_bind_password: true,
  base_dn: "dc=example",
  filter: "(objectClass=person)",
  name_attribute: "cn",
  company_attribute: "o",
  email_attribute: "mail",
  work_attributes: ["telephoneNumber"],
  mobile_attributes: ["mobile"],
  home_attributes: [],
  active: true,
  version: 3,
  last_error: "",
  last_error_at: null,
};
const MICROSOFT = {
  directory_id: "",
  client_id: "",
  has_client_secret: false,
  secret_expires_at: null,
  private_contacts: true,
  global_contacts: true,
  active: false,
  version: 0,
  redirect_uri: "https://phone.example.test/callback",
  permissions: ["Contacts.Read", "User.Read"],
  connected_users: 0,
  last_error: "",
  last_error_at: null,
};
const SOURCES = {
  "GET /admin/contact-sources/ldap": { body: LDAP },
  "GET /admin/contact-sources/microsoft": { body: MICROSOFT },
};

const card = async (name: string) => within(await screen.findByRole("region", { name }));

describe("contact sources", () => {
  it("keep the password of a directory unless another is typed, and take lists of attributes", async () => {
    const { user, asked } = openPortal({
      ...SOURCES,
      "PUT /admin/contact-sources/ldap": { body: LDAP },
    });
    const ldap = await card("LDAP directory");
    expect(await ldap.findByText("Is searched")).toBeTruthy();
    await user.click(ldap.getByRole("button", { name: "Edit" }));
    await user.type(await screen.findByLabelText("Home"), "homePhone, otherHome");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const [sent] = asked("PUT /admin/contact-sources/ldap");
    expect(sent?.headers.get("if-match")).toBe('"3"');
    expect(sent?.body).toMatchObject({
      bind_password: null,
      port: 389,
      home_attributes: ["homePhone", "otherHome"],
    });
  });

  it("say plainly what a test has found, and what is wrong", async () => {
    let body: object = { ok: false, code: "bind_refused", detail: "", items: [] };
    const { user } = openPortal({
      ...SOURCES,
      "POST /admin/contact-sources/ldap/test": () => ({ body }),
    });
    await user.click((await card("LDAP directory")).getByRole("button", { name: "Edit" }));
    await user.keyboard("{Escape}");
    await user.click((await card("LDAP directory")).getByRole("button", { name: "Test" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Test" }));
    await user.type(sheet.getByLabelText("Name to look for"), "do");
    await user.click(sheet.getByRole("button", { name: "Test" }));
    expect(await sheet.findByText("It refuses name or password of the sign-in.")).toBeTruthy();
    const number = { dialled: "1", canonical: "1", display: "+49 1" };
    body = {
      ok: true,
      code: "",
      detail: "",
      items: [{ name: "Dora", company: "", email: "", numbers: [{ kind: "work", number }] }],
    };
    await user.click(sheet.getByRole("button", { name: "Test" }));
    expect(await sheet.findByText("Dora · +49 1")).toBeTruthy();
  });

  it("show what to enter at Microsoft, and send the secret only when it is typed", async () => {
    const { user, asked } = openPortal({
      ...SOURCES,
      "PUT /admin/contact-sources/microsoft": {
        status: 422,
        body: { code: "directory_id_invalid", title: "" },
      },
    });
    const microsoft = await card("Microsoft 365");
    expect(await microsoft.findByText("Not set up")).toBeTruthy();
    expect(microsoft.queryByRole("button", { name: "Test" })).toBeNull();
    await user.click(microsoft.getByRole("button", { name: "Edit" }));
    expect(await screen.findByText("https://phone.example.test/callback")).toBeTruthy();
    expect(screen.getByText("Contacts.Read, User.Read")).toBeTruthy();
    await user.type(screen.getByLabelText("Directory (tenant) ID"), "x");
    await user.type(screen.getByLabelText("Application (client) ID"), "app");
    await user.type(screen.getByLabelText("Client secret"), "s3");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/neither the ID nor a domain/)).toBeTruthy();
    expect(asked("PUT /admin/contact-sources/microsoft")[0]?.body).toMatchObject({
      client_secret: "s3",
      secret_expires_at: null,
    });
  });

  it("show which day somebody else has entered meanwhile, and never the secret", async () => {
    const theirs = { ...MICROSOFT, version: 1, secret_expires_at: "2027-03-01T00:00:00Z" };
    let reads = 0;
    const { user } = openPortal({
      ...SOURCES,
      "GET /admin/contact-sources/microsoft": () => ({
        body: (reads += 1) === 1 ? MICROSOFT : theirs,
      }),
      "PUT /admin/contact-sources/microsoft": {
        status: 412,
        body: { code: "changed_meanwhile", title: "" },
      },
    });
    const microsoft = await card("Microsoft 365");
    await user.click(await microsoft.findByRole("button", { name: "Edit" }));
    await user.type(await screen.findByLabelText("Client secret"), "s3");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("now “2027-03-01”; you left it alone")).toBeTruthy();
    expect(screen.queryByText(/s3/)).toBeNull();
  });

  it("say that one does not work, and are removed only after a question", async () => {
    const { user, asked } = openPortal({
      ...SOURCES,
      "GET /admin/contact-sources/ldap": {
        body: { ...LDAP, last_error: "tls_failed", last_error_at: "2026-01-02T10:00:00Z" },
      },
      "DELETE /admin/contact-sources/ldap": { status: 204 },
    });
    const ldap = await card("LDAP directory");
    expect(await ldap.findByText(/certificate is not trusted/)).toBeTruthy();
    await user.click(ldap.getByRole("button", { name: "Remove" }));
    const dialog = within(await screen.findByRole("alertdialog"));
    await user.click(dialog.getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(asked("DELETE /admin/contact-sources/ldap")).toHaveLength(1));
  });
});
