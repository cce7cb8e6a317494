import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";
import { mailedLink, signInError, takeLink } from "./link.ts";

type Prepare = Parameters<typeof openPage>[0];
type World = Parameters<NonNullable<Prepare>>[0];

const TOKEN = {
  status: 200,
  body: { access_token: "access", expires_in: 600, device_id: "device-1" },
};
const refusal = (status: number, code: string, more = {}) => ({
  status,
  body: { status, code, title: code, ...more },
});

async function signedOut(prepare: (world: World) => void = () => undefined) {
  return openPage((world) => {
    world.deviceId = null;
    prepare(world);
  });
}

async function enter(user: Awaited<ReturnType<typeof openPage>>["user"]) {
  await user.type(await screen.findByLabelText("E-mail"), "anna@example.test");
  await user.type(screen.getByLabelText("Password"), "secret words{Enter}");
}

const press = async (user: Awaited<ReturnType<typeof openPage>>["user"], name: string | RegExp) =>
  user.click(await screen.findByRole("button", { name }));

afterEach(() => {
  mailedLink.set(null);
  signInError.set(null);
  history.replaceState(null, "", "/");
});

it("asks for the second step, says how many attempts are left, and signs in", async () => {
  const codes: unknown[] = [];
  const { user } = await signedOut((world) => {
    world.routes["POST /auth/login"] = () =>
      refusal(401, "second_factor_required", {
        step_token: "t.1",
        methods: ["totp", "recovery_code"],
      });
    world.routes["POST /auth/second-step"] = (body) => {
      codes.push(body);
      return codes.length === 1
        ? refusal(401, "second_factor_refused", { attempts_left: 4 })
        : TOKEN;
    };
  });
  await enter(user);
  await user.type(await screen.findByLabelText("Code of your app"), "000000{Enter}");
  await screen.findByText(/This code is not right\. 4 attempts are left\./);
  await press(user, "Use a recovery code");
  await user.type(await screen.findByLabelText("Recovery code"), "abcd-efgh{Enter}");
  await screen.findByLabelText("Name or number");
  expect(codes).toEqual([
    { step_token: "t.1", method: "totp", code: "000000" },
    { step_token: "t.1", method: "recovery_code", code: "abcd-efgh" },
  ]);
});

it("goes back to the beginning when the step took too long", async () => {
  const { user } = await signedOut((world) => {
    world.routes["POST /auth/login"] = () =>
      refusal(401, "second_factor_required", { step_token: "t.1", methods: ["totp"] });
    world.routes["POST /auth/second-step"] = () => refusal(401, "step_over");
  });
  await enter(user);
  await user.type(await screen.findByLabelText("Code of your app"), "123456{Enter}");
  await screen.findByText(/That took too long/);
  expect(screen.queryByLabelText("Code of your app")).toBeNull();
  await press(user, "Back to sign-in");
  expect(await screen.findByLabelText("E-mail")).toBeTruthy();
});

it("sends the same words for every forgotten password", async () => {
  const asked: unknown[] = [];
  const { user } = await signedOut((world) => {
    world.routes["POST /auth/password-reset"] = (body) => {
      asked.push(body);
      return { status: 204 };
    };
  });
  await user.type(await screen.findByLabelText("E-mail"), "anna@example.test");
  await press(user, "Forgot your password?");
  await press(user, "Send the link");
  await screen.findByText(/If anna@example.test has an account/);
  expect(asked).toEqual([{ email: "anna@example.test" }]);
});

it("offers the company's own sign-in by the address, and says why it sent somebody back", async () => {
  signInError.set("account_unknown");
  const { user } = await signedOut((world) => {
    world.routes["GET /auth/methods"] = () => ({
      status: 200,
      body: {
        password: true,
        sso: { name: "Example GmbH", start_url: "/api/v1/auth/sso/1/start" },
      },
    });
  });
  await screen.findByText(/There is no account for you here yet/);
  await user.type(await screen.findByLabelText("E-mail"), "anna@example.test");
  await user.tab();
  await screen.findByRole("button", { name: "Continue with Example GmbH" });
});

it("takes the secret of a letter out of the address bar at once", () => {
  history.replaceState(null, "", "/reset#token=tenant.secret");
  takeLink();
  expect(location.pathname + location.hash).toBe("/");
  expect(mailedLink.get()).toEqual({ kind: "reset", token: "tenant.secret" });
  history.replaceState(null, "", "/#sign_in_error=<b>bad</b>");
  takeLink();
  expect(location.hash).toBe("");
});

it("shows nothing of a code from the address bar that does not look like one", async () => {
  signInError.set("<b>call 0900</b>");
  await signedOut();
  await screen.findByText("The company sign-in did not work. Ask your administrator (?).");
});

it("sets a new password by the link, and says what is wrong with an easy one", async () => {
  mailedLink.set({ kind: "reset", token: "tenant.secret" });
  const sent: unknown[] = [];
  const { user } = await signedOut((world) => {
    world.routes["POST /auth/password-reset/finish"] = (body) => {
      sent.push(body);
      return sent.length === 1 ? refusal(422, "password_breached") : { status: 204 };
    };
  });
  await user.type(await screen.findByLabelText("New password"), "password1{Enter}");
  await screen.findByText(/in a list of stolen ones/);
  await user.type(screen.getByLabelText("New password"), " and more{Enter}");
  await screen.findByText(/Your new password holds/);
  expect(sent.at(-1)).toEqual({ token: "tenant.secret", password: "password1 and more" });
  await press(user, "To sign-in");
  expect(await screen.findByLabelText("E-mail")).toBeTruthy();
});

const INVITATION = {
  email: "anna@example.test",
  name: "Anna König",
  tenant: { name: "Example GmbH" },
  terms: { version: "2026-01", url: "", required: true },
  second_factor: "optional",
  password_min_length: 10,
  expires_at: "2030-01-01T00:00:00Z",
};

it("takes up an invitation: terms, then a password that is long enough, then the phone", async () => {
  mailedLink.set({ kind: "welcome", token: "tenant.invited" });
  const accepted: unknown[] = [];
  const { user } = await signedOut((world) => {
    world.routes["POST /auth/invitation"] = () => ({ status: 200, body: INVITATION });
    world.routes["GET /terms"] = () => ({
      status: 200,
      body: { version: "2026-01", url: "", text: "# Terms\nBe kind." },
    });
    world.routes["POST /auth/invitation/accept"] = (body) => {
      accepted.push(body);
      return TOKEN;
    };
  });
  await screen.findByText("Be kind.");
  const field = screen.getByLabelText("New password");
  await user.type(field, "short{Enter}");
  await screen.findByText("This password is too short.");
  await user.type(field, " but longer{Enter}");
  await screen.findByText("Please agree to the terms of use first.");
  expect(accepted).toEqual([]);
  await user.click(screen.getByLabelText("I agree to the terms of use."));
  await press(user, "Begin");
  await screen.findByLabelText("Name or number");
  expect(accepted).toMatchObject([
    { token: "tenant.invited", password: "short but longer", terms_version: "2026-01" },
  ]);
});

it("says that an invitation is over", async () => {
  mailedLink.set({ kind: "welcome", token: "tenant.old" });
  await signedOut((world) => {
    world.routes["POST /auth/invitation"] = () => refusal(410, "link_over");
  });
  await screen.findByText(/This link holds no longer/);
});

it("keeps an invitation that could not be read for want of a network, and its terms", async () => {
  mailedLink.set({ kind: "welcome", token: "tenant.invited" });
  let reachable = false;
  const { user } = await signedOut((world) => {
    world.routes["POST /auth/invitation"] = () =>
      reachable ? { status: 200, body: INVITATION } : refusal(503, "busy");
    world.routes["GET /terms"] = () => refusal(503, "busy");
  });
  await screen.findByText(/The service has too much to do/);
  reachable = true;
  await press(user, "Try again");
  await screen.findByRole("heading", { name: /^Welcome/ });
  await screen.findByText("The terms of use could not be loaded.", {}, { timeout: 5_000 });
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

it("speaks the language that was chosen before sign-in", async () => {
  const { user } = await signedOut();
  await user.selectOptions(await screen.findByLabelText("Language"), "Nederlands");
  await screen.findByRole("button", { name: "Aanmelden" });
  expect(localStorage.getItem("offhook.language")).toBe("nl");
});

const SECURITY = {
  email: "anna@example.test",
  source: "local",
  managed_elsewhere: false,
  password: { set: true, changed_at: null, min_length: 10 },
  second_factor: {
    policy: "optional",
    totp: false,
    totp_since: null,
    recovery_codes_left: 0,
    passkeys: 0,
  },
  session: { method: "password", proven_until: null },
};

it("lets nothing else be done before the second factor that the company wants", async () => {
  let ready = false;
  const { user, world, server } = await openPage((w) => {
    const required = { ...SECURITY.second_factor, policy: "required" };
    w.routes["GET /me/security"] = () => ({
      status: 200,
      body: { ...SECURITY, second_factor: { ...required, totp: ready } },
    });
    w.routes["GET /me/passkeys"] = () => ({ status: 200, body: { items: [], next_cursor: null } });
    w.routes["POST /me/totp"] = () => ({
      status: 200,
      body: { secret: "ABCDEFGH", uri: "otpauth://totp/x", qr_svg: "<svg/>" },
    });
    w.routes["POST /me/totp/confirm"] = () => {
      ready = true;
      return { status: 200, body: { recovery_codes: ["one-1", "two-2"] } };
    };
    w.socket.reachable = false;
  });
  await server(() => world.socket.refuse("second_factor_setup_required"));
  await screen.findByRole("heading", { name: "Set up a second factor" });
  expect(screen.queryByLabelText("Name or number")).toBeNull();
  await press(user, "Set up an app");
  await screen.findByText("ABCD EFGH");
  await user.type(screen.getByLabelText("Code of your app"), "123456{Enter}");
  await screen.findByText("two-2");
  world.socket.reachable = true;
  await press(user, "I have kept them");
  await waitFor(() => expect(world.socket.connected).toBe(true));
  await act(async () => undefined);
  await screen.findByLabelText("Name or number");
});

it("asks who is there before it changes how one signs in, and then goes on", async () => {
  location.hash = "#/security";
  let proven = false;
  const proofs: unknown[] = [];
  const { user } = await openPage((world) => {
    world.routes["GET /me/security"] = () => ({ status: 200, body: SECURITY });
    world.routes["GET /me/passkeys"] = () => ({
      status: 200,
      body: { items: [], next_cursor: null },
    });
    world.routes["GET /me/sessions"] = () => ({
      status: 200,
      body: { items: [], next_cursor: null },
    });
    world.routes["POST /me/totp"] = () =>
      proven
        ? { status: 200, body: { secret: "ABCDEFGH", uri: "", qr_svg: "<svg/>" } }
        : refusal(403, "step_up_required", { methods: ["password"] });
    world.routes["POST /auth/step-up"] = (body) => {
      proofs.push(body);
      if (proofs.length === 1) return refusal(403, "proof_refused");
      proven = true;
      return { status: 200, body: { proven_until: "2030-01-01T00:00:00Z" } };
    };
  });
  await press(user, "Set up an app");
  const dialog = await screen.findByRole("dialog", { name: "Is it you?" });
  const password = within(dialog).getByLabelText("Password");
  await user.type(password, "wrong{Enter}");
  await screen.findByText("That is not right. Please try again.");
  await user.type(password, "right{Enter}");
  await screen.findByText("ABCD EFGH");
  expect(proofs).toHaveLength(2);
});

it("lists where one is signed in, and ends it from here", async () => {
  location.hash = "#/security";
  const ended: string[] = [];
  const session = (id: string, name: string, here: boolean) => ({
    id,
    device: { id: `d-${id}`, kind: "web", name },
    method: "password",
    second_factor: null,
    client_ip: "192.0.2.7",
    created_at: "2026-01-01T10:00:00Z",
    last_used: "2026-01-01T10:00:00Z",
    expires_at: "2026-02-01T10:00:00Z",
    this: here,
  });
  let items = [session("s1", "Firefox, Linux", true), session("s2", "Chrome, Windows", false)];
  const { user } = await openPage((world) => {
    world.routes["GET /me/security"] = () => ({
      status: 200,
      body: { ...SECURITY, managed_elsewhere: true },
    });
    world.routes["GET /me/sessions"] = () => ({ status: 200, body: { items, next_cursor: null } });
    world.routes["DELETE /me/sessions/s2"] = () => {
      ended.push("s2");
      items = items.slice(0, 1);
      return { status: 204 };
    };
  });
  await screen.findByText(/Your company signs you in/);
  expect(screen.queryByRole("button", { name: "Change the password" })).toBeNull();
  await press(user, "Sign out Chrome, Windows");
  await waitFor(() => expect(screen.queryByText("Chrome, Windows")).toBeNull());
  expect(ended).toEqual(["s2"]);
});

it("takes nothing away by one click, and says who is signed out by a new factor", async () => {
  location.hash = "#/security";
  let passkeys = [{ id: "p1", name: "Key ring", created_at: "", last_used: null }];
  let reads = 0;
  const { user } = await openPage((world) => {
    const factor = { ...SECURITY.second_factor, passkeys: 1 };
    world.routes["GET /me/security"] = () => ({
      status: 200,
      body: { ...SECURITY, second_factor: factor },
    });
    world.routes["GET /me/passkeys"] = () => ({
      status: 200,
      body: { items: passkeys, next_cursor: null },
    });
    world.routes["GET /me/sessions"] = () => {
      reads += 1;
      return { status: 200, body: { items: [], next_cursor: null } };
    };
    world.routes["DELETE /me/passkeys/p1"] = () => {
      passkeys = [];
      return { status: 204 };
    };
    world.routes["POST /me/totp"] = () => ({
      status: 200,
      body: { secret: "ABCDEFGH", uri: "", qr_svg: "<svg/>" },
    });
    world.routes["POST /me/totp/confirm"] = () => ({
      status: 200,
      body: { recovery_codes: ["one-1"] },
    });
  });
  await press(user, "Remove the passkey Key ring");
  const asked = within(await screen.findByRole("alertdialog"));
  await user.click(asked.getByRole("button", { name: "Cancel" }));
  expect(screen.getByText("Key ring")).toBeTruthy();
  await press(user, "Remove the passkey Key ring");
  const again = within(await screen.findByRole("alertdialog"));
  await user.click(again.getByRole("button", { name: "Remove" }));
  await screen.findByText("No passkey yet.");

  await press(user, "Set up an app");
  await screen.findByText(/This signs you out everywhere else\./);
  const before = reads;
  await user.type(screen.getByLabelText("Code of your app"), "123456{Enter}");
  await screen.findByText("one-1");
  await waitFor(() => expect(reads).toBeGreaterThan(before));
});
