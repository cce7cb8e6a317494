import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { aSnapshot } from "@offhook/sdk/fakes";
import { anEntry, openPage, TALKING } from "../testing/page.tsx";
import { layout } from "../testing/setup.ts";

const field = () => screen.getByRole("textbox", { name: "Name or number" });
const button = (name: string | RegExp) => screen.getByRole("button", { name });

describe("signing in", () => {
  const signedOut = () => openPage((world) => (world.deviceId = null));

  it("says what is missing, then what is wrong, then opens the phone", async () => {
    const { world, user } = await signedOut();
    await user.click(button("Sign in"));
    expect(screen.getByText("Enter your e-mail address.")).toBeTruthy();
    expect(world.requests).toEqual([]);

    world.routes["POST /auth/login"] = () => ({ status: 401, body: { code: "bad_credentials" } });
    await user.type(screen.getByLabelText("E-mail"), "anna@example.test");
    await user.type(screen.getByLabelText("Password"), "wrong");
    await user.keyboard("{Enter}");
    expect(await screen.findByText(/E-mail or password is not right/)).toBeTruthy();

    world.routes["POST /auth/login"] = () => ({
      status: 200,
      body: { access_token: "t", expires_in: 600, device_id: "device-1" },
    });
    await user.click(button("Sign in"));
    expect(await screen.findByRole("textbox", { name: "Name or number" })).toBeTruthy();
  });

  it("tells why the page is back", async () => {
    const { world, server } = await openPage();
    await server(() => world.socket.serve("session.ended", { reason: "revoked" }));
    expect(screen.getByText("You were signed out. Please sign in again.")).toBeTruthy();
  });
});

describe("the page around a call", () => {
  it("says in the tab what was missed", async () => {
    const { world, server } = await openPage();
    expect(document.title).toBe("Offhook");
    await server(() => world.socket.serve("journal.removed", { id: "x", unread: 2 }));
    expect(document.title).toBe("2 missed calls · Offhook");
    await server(() => world.socket.serve("journal.removed", { id: null, unread: 0 }));
    expect(document.title).toBe("Offhook");
  });

  it("asks before it is closed during a call, and only then", async () => {
    const leaving = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    const { user, update, end } = await openPage();
    expect(leaving()).toBe(false);
    await user.keyboard("102{Enter}");
    await update(TALKING);
    expect(leaving()).toBe(true);
    await end({ reason: "hung_up", answered_at: "2026-01-02T10:00:05Z" });
    expect(leaving()).toBe(false);
  });

  it("notifies of a ringing call also when the page is hidden later", async () => {
    const shown: string[] = [];
    class FakeNotification {
      static permission = "granted";
      onclick = null;
      constructor(title: string) {
        shown.push(title);
      }
      close = () => shown.push("closed");
    }
    vi.stubGlobal("Notification", FakeNotification);
    const hide = (state: DocumentVisibilityState) => {
      vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
      document.dispatchEvent(new Event("visibilitychange"));
    };
    const { ring, server } = await openPage();
    await ring();
    expect(shown).toEqual([]);
    await server(() => hide("hidden"));
    await waitFor(() => expect(shown).toEqual(["Carla Lang is calling"]));
    await server(() => hide("visible"));
    await waitFor(() => expect(shown).toEqual(["Carla Lang is calling", "closed"]));
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
});

describe("dialling", () => {
  it("starts with the cursor in the field and dials what is typed by Enter", async () => {
    const { world, user } = await openPage();
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await user.keyboard("102{Enter}");
    expect(world.socket.commands("dial")).toMatchObject([{ to: "102" }]);
    expect(await screen.findByRole("heading", { level: 1, name: "Berta Schulz" })).toBeTruthy();
    expect((field() as HTMLInputElement).value).toBe("");
  });

  it("searches people by letters; the first row is what Enter does", async () => {
    const { world, user } = await openPage();
    await user.type(field(), "ber");
    const results = await screen.findByRole("list", { name: "Results" });
    await within(results).findByText("Call Berta Schulz");
    expect(within(results).queryByText(/Anna König/)).toBeNull(); // that is the user
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    await waitFor(() => expect(world.socket.commands("dial")).toMatchObject([{ to: "104" }]));
  });

  it("calls whom Enter was pressed for, also when the answer is slower", async () => {
    const { world, user } = await openPage();
    await user.type(field(), "bernd");
    await screen.findByText("Call Berta Schulz"); // this server finds everybody for every text
    const number = { dialled: "103", canonical: "103", display: "103" };
    const carla = { user_id: "user-9", name: "Carla Lang", email: "", number };
    let arrive: () => void = () => undefined;
    const after = new Promise<void>((resolve) => (arrive = resolve));
    world.routes["GET /directory"] = () => ({
      status: 200,
      body: { items: [carla], next_cursor: null },
      after,
    });
    await user.clear(field());
    await user.type(field(), "carla");
    await user.keyboard("{Enter}");
    expect(world.socket.commands("dial")).toEqual([]); // not somebody of the last answer
    arrive();
    await waitFor(() => expect(world.socket.commands("dial")).toMatchObject([{ to: "103" }]));
  });

  it("dials the digits behind a pasted number, too", async () => {
    const { user } = await openPage();
    await user.click(field());
    await user.paste("+49 89 5551 ext. 12");
    expect((field() as HTMLInputElement).value).toBe("+49895551,12");
    expect(await screen.findByText("then 12")).toBeTruthy();
  });

  it("takes a double click on a person as one wish", async () => {
    const { world, user } = await openPage();
    await user.dblClick(await screen.findByRole("button", { name: /Bernd Schuster/ }));
    expect(world.socket.commands("dial")).toHaveLength(1);
  });

  it("places a second call while one runs; the server holds the first", async () => {
    const { world, user, update } = await openPage();
    await user.keyboard("102{Enter}");
    await update({ ...TALKING, actions: ["hang_up", "mute", "hold"] });
    // the field is left with the next picture; until then "n" is a letter
    await waitFor(() => expect(document.activeElement).not.toBe(field()));
    await user.keyboard("n");
    expect(document.activeElement).toBe(field());
    expect(screen.getByText(/The running call is put on hold/)).toBeTruthy();
    await user.keyboard("104{Enter}");
    await waitFor(() => expect(world.socket.commands("dial")).toHaveLength(2));
    expect(world.socket.commands("hang_up")).toEqual([]);
  });

  it("is done from the desk phone where the phone system can be asked, and says so", async () => {
    const { world, user, server } = await openPage((w) => (w.permission = "denied"));
    expect(screen.queryByRole("radio")).toBeNull();
    const offers = (...now: "dial_desk_phone"[]) =>
      server(() => world.socket.serve("offers.changed", { offers: now }));
    await offers("dial_desk_phone");
    await user.click(screen.getByRole("radio", { name: /^Desk phone/ }));
    await user.type(field(), "102{Enter}");
    expect(world.socket.commands("dial")).toMatchObject([{ to: "102", from: "desk_phone" }]);
    expect(world.tracks).toEqual([]);
    await offers();
    expect(screen.queryByRole("radio")).toBeNull();
    await offers("dial_desk_phone");
    const phoneIs = (state: "in_call" | "not_signed_in") =>
      server(() => world.socket.serve("desk_phone.changed", { desk_phone: { state } }));
    await phoneIs("in_call");
    expect(screen.getByRole("radio", { name: /^Desk phone ?101 · in a call$/ })).toBeTruthy();
    await phoneIs("not_signed_in");
    await offers();
    expect(screen.getByRole("radio", { name: /not signed in/ }).matches(":disabled")).toBe(true);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "This browser" }).checked).toBe(
      true,
    );
    await phoneIs("in_call");
    await offers("dial_desk_phone");
    await user.click(screen.getByRole("radio", { name: "This browser" }));
  });

  it("says when nobody is called that", async () => {
    const { user } = await openPage((world) => {
      world.routes["GET /directory"] = () => ({ status: 200, body: { items: [] } });
    });
    await user.type(field(), "zzz");
    expect(await screen.findByText("Nobody here is called “zzz”.")).toBeTruthy();
  });

  it("cleans a pasted number", async () => {
    const { user } = await openPage();
    await user.click(field());
    await user.paste("tel:+49 (0)30 5551-0142");
    expect((field() as HTMLInputElement).value).toBe("+493055510142");
  });

  it("writes with the dial pad into the same field, and deletes", async () => {
    const { user } = await openPage();
    const pad = screen.getByRole("group", { name: "Dial pad" });
    for (const key of ["1", "0", "#"])
      await user.click(within(pad).getByRole("button", { name: key }));
    expect((field() as HTMLInputElement).value).toBe("10#");
    await user.click(button("Delete last digit"));
    expect((field() as HTMLInputElement).value).toBe("10");
  });

  it("explains the microphone before the browser asks, and dials after the yes", async () => {
    const { world, user } = await openPage((w) => (w.permission = "prompt"));
    await user.type(field(), "102{Enter}");
    expect(world.socket.sent).toEqual([]);
    const panel = screen.getByRole("region", { name: "Offhook needs your microphone" });
    await user.click(within(panel).getByRole("button", { name: "Allow microphone" }));
    await waitFor(() => expect(world.socket.commands("dial")).toHaveLength(1));
  });

  it("says how to unblock a blocked microphone and keeps the number", async () => {
    const { world, user } = await openPage((w) => {
      w.permission = "denied";
      w.microphoneError = "NotAllowedError";
    });
    await user.type(field(), "102{Enter}");
    const panel = screen.getByRole("region", { name: "Your microphone is blocked" });
    await user.click(within(panel).getByRole("button", { name: "Try again" }));
    expect(await screen.findByText(/Allow it in the address bar, then try again/)).toBeTruthy();
    expect(world.socket.sent).toEqual([]);
    expect((field() as HTMLInputElement).value).toBe("102");
  });

  it("says why the server refused", async () => {
    const { user } = await openPage((world) => {
      const problem = { status: 409, code: "no_line", title: "" };
      world.socket.reply = () => ({ ok: false, problem });
    });
    await user.type(field(), "102{Enter}");
    expect(await screen.findByText(/You have no phone line yet/)).toBeTruthy();
    expect((field() as HTMLInputElement).value).toBe("102");
  });
});

describe("the rest of the page", () => {
  it("lists recent calls with kind, unread mark and removal", async () => {
    const { user } = await openPage((w) => {
      const items = [
        anEntry(),
        anEntry({ id: "e2", direction: "out", reason: "busy", unread: false, name: "Hanna Wolf" }),
      ];
      w.routes["GET /journal"] = () => {
        const missed = w.requests.at(-1)?.path.includes("show=missed") ?? false;
        const shown = missed ? items.slice(0, 1) : items;
        return { status: 200, body: { items: shown, next_cursor: null } };
      };
      w.routes["DELETE /journal/entry-1"] = () => ({ status: 204 });
      w.socket.onConnect = () => w.socket.serve("snapshot", aSnapshot({ unread: 1 }));
    });
    expect(screen.getByText("1 missed call")).toBeTruthy();
    location.hash = "/recents";
    expect(
      await screen.findByRole("button", { name: /^Berta Schulz Missed ?new .*call$/ }),
    ).toBeTruthy();
    expect(screen.getByRole("button", { name: /^Hanna Wolf Busy/ })).toBeTruthy();
    await user.click(button("Missed"));
    await waitFor(() => {
      expect(screen.queryByRole("button", { name: /^Hanna Wolf/ })).toBeNull();
    });
    await user.click(button("Delete this entry"));
    expect(screen.queryByRole("button", { name: /^Berta Schulz Missed/ })).toBeNull();
  });

  it("offers to load a failed list again", async () => {
    const { user } = await openPage((w) => {
      w.routes["GET /journal"] = () => ({ status: 500 });
    });
    location.hash = "/recents";
    const again = await screen.findByRole("button", { name: "Try again" }, { timeout: 4000 });
    await user.click(again);
  });

  it("calls the mailbox and shows an unknown lamp as unknown", async () => {
    const { world, user } = await openPage();
    location.hash = "/voicemail";
    expect(await screen.findByText(/has not told yet/)).toBeTruthy();
    await user.click(button("Call voicemail"));
    expect(world.socket.commands("dial")).toMatchObject([{ to: "199" }]);
  });

  it("names the layer that is down", async () => {
    await openPage((w) => {
      const connector = { state: "down" as const, layers: [] };
      w.socket.onConnect = () => w.socket.serve("snapshot", aSnapshot({ connector }));
    });
    expect(screen.getByText(/The office phone system does not answer\./)).toBeTruthy();
  });

  it("asks for each permission by its own button, never at load", async () => {
    const { world, user } = await openPage((w) => (w.permission = "prompt"));
    expect(world.tracks).toEqual([]);
    await user.click(button("Allow microphone"));
    await waitFor(() => expect(world.tracks[0]?.stopped).toBe(true));
    expect(screen.getByText("allowed")).toBeTruthy();
  });

  it("changes the language without a reload and signs out", async () => {
    const { world, user } = await openPage();
    location.hash = "/settings";
    await user.selectOptions(await screen.findByLabelText("Language"), "de");
    await user.click(await screen.findByRole("link", { name: "Ich" }));
    await user.click(await screen.findByRole("button", { name: "Abmelden" }));
    expect(world.requests.some((r) => r.path === "/auth/logout")).toBe(true);
    expect(await screen.findByRole("button", { name: "Anmelden" })).toBeTruthy();
  });

  it("keeps the call in reach on the other tabs of a narrow window", async () => {
    layout.narrow = true;
    const { world, user, update } = await openPage();
    await user.type(field(), "102{Enter}");
    await update(TALKING);
    location.hash = "/voicemail";
    expect(await screen.findByTitle("Back to the call")).toBeTruthy();
    await user.click(button("Hang up"));
    expect(world.socket.commands("hang_up")).toHaveLength(1);
  });

  it("lists its keys by one key, from anywhere but a field", async () => {
    const { user } = await openPage();
    await user.type(field(), "?");
    expect(screen.queryByRole("dialog")).toBeNull();
    (document.activeElement as HTMLElement).blur();
    await user.keyboard("?");
    const sheet = await screen.findByRole("dialog", { name: "Keys" });
    expect(within(sheet).getByText("Transfer the call")).toBeTruthy();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});
