import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openPage } from "../../testing/page.tsx";
import { cameBack, takeOutcome } from "./cameBack.ts";

type World = Parameters<NonNullable<Parameters<typeof openPage>[0]>>[0];

const MICROSOFT = {
  source: "microsoft",
  state: "not_connected",
  account: "",
  connected_at: null,
};
const LDAP = { source: "ldap", state: "working", account: "", connected_at: null };
const number = (text: string) => ({ dialled: text, canonical: text, display: text });
const DORA = {
  source: "ldap",
  private: false,
  name: "Dora Dietz",
  company: "Dietz AG",
  email: "",
  numbers: [{ kind: "mobile", number: number("+49171") }],
};

function have(world: World, items: readonly object[]) {
  world.routes["GET /me/contact-sources"] = () => ({
    status: 200,
    body: { items, next_cursor: null },
  });
}

function find(world: World, items: readonly object[], state = "working") {
  const body = { items, sources: [{ source: "ldap", state }], next_cursor: null };
  world.routes["GET /contact-sources/search"] = () => ({ status: 200, body });
}

const asked = (world: World) =>
  world.requests.filter(({ path }) => path.startsWith("/contact-sources/search"));

describe("the search where one dials", () => {
  beforeEach(() => {
    location.hash = "";
  });

  it("shows what directories find, where it comes from, and asks once for a whole word", async () => {
    const { user, world } = await openPage((w) => {
      have(w, [LDAP]);
      find(w, [DORA]);
    });
    await user.type(screen.getByLabelText("Name or number"), "dora");
    await user.click(await screen.findByText("Mobile +49171 · Company directory"));
    await waitFor(() => expect(world.socket.commands("dial")).toMatchObject([{ to: "+49171" }]));
    expect(asked(world)).toHaveLength(1);
  });

  it("says who has nothing to say", async () => {
    const { user } = await openPage((w) => {
      have(w, [LDAP]);
      find(w, [], "failing");
    });
    await user.type(screen.getByLabelText("Name or number"), "dora");
    expect(await screen.findByText("Company directory does not answer now.")).toBeTruthy();
  });

  it("leads to the settings, which know of the sign-in that it wants", async () => {
    const { user } = await openPage((w) => {
      have(w, [{ ...MICROSOFT, state: "working", account: "d@x.test" }]);
      w.routes["GET /contact-sources/search"] = () => {
        have(w, [{ ...MICROSOFT, state: "sign_in_again", account: "d@x.test" }]);
        const sources = [{ source: "microsoft", state: "sign_in_again" }];
        return { status: 200, body: { items: [], sources, next_cursor: null } };
      };
    });
    await user.type(screen.getByLabelText("Name or number"), "dora");
    await user.click(await screen.findByRole("link", { name: "To the settings" }));
    const box = await screen.findByRole("region", { name: "Contacts of other systems" });
    expect(await within(box).findByRole("button", { name: "Sign in again" })).toBeTruthy();
  });

  it("asks a slow one again, which has kept the answer", async () => {
    const { user, world } = await openPage((w) => {
      have(w, [LDAP]);
      find(w, [], "slow");
    });
    await user.type(screen.getByLabelText("Name or number"), "dora");
    await screen.findByText("Company directory is still searching …");
    find(world, [DORA]);
    expect(await screen.findByText("Mobile +49171 · Company directory")).toBeTruthy();
    expect(screen.queryByText(/still searching/)).toBeNull();
  });

  it("asks nobody where there is no directory", async () => {
    const { user, world } = await openPage((w) => have(w, [MICROSOFT]));
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await user.type(screen.getByLabelText("Name or number"), "nobody");
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(asked(world)).toHaveLength(0);
  });
});

describe("the settings", () => {
  beforeEach(() => {
    location.hash = "#/settings";
  });

  const section = async () =>
    within(await screen.findByRole("region", { name: "Contacts of other systems" }));

  it("say nothing where the administrator has set nothing up", async () => {
    await openPage((w) => have(w, []));
    await screen.findByRole("region", { name: "Settings" });
    expect(screen.queryByText("Contacts of other systems")).toBeNull();
  });

  it("disconnect an account, and offer to connect it again", async () => {
    const { user, world } = await openPage((w) => {
      have(w, [{ ...MICROSOFT, state: "working", account: "dora@example.test" }]);
      w.routes["DELETE /me/contact-sources/microsoft"] = () => {
        have(w, [MICROSOFT]);
        return { status: 204 };
      };
    });
    const box = await section();
    expect(box.getByText("dora@example.test · working")).toBeTruthy();
    await user.click(box.getByRole("button", { name: "Disconnect" }));
    world.routes["POST /me/contact-sources/microsoft/connect"] = () => ({
      status: 200,
      body: { url: "#/voicemail" },
    });
    await user.click(await box.findByRole("button", { name: "Connect" }));
    expect(await screen.findByRole("region", { name: "Voicemail" })).toBeTruthy();
  });

  it("say that an account wants a new sign-in, and why one could not be connected", async () => {
    location.hash = "#contact_source_error=admin_consent_needed";
    takeOutcome();
    expect(location.hash).toBe("#/settings");
    await openPage((w) => have(w, [{ ...MICROSOFT, state: "sign_in_again", account: "d@x.test" }]));
    const box = await section();
    expect(box.getByRole("alert").textContent).toMatch(/has not allowed this at Microsoft yet/);
    expect(box.getByRole("button", { name: "Sign in again" })).toBeTruthy();
    cleanup();
    cameBack.set("<b>made up</b>");
    await openPage((w) => have(w, [MICROSOFT]));
    expect((await section()).getByRole("alert").textContent).toBe(
      "The account could not be connected. Ask your administrator.",
    );
  });
});
