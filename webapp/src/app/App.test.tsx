import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { aCall, aSnapshot } from "@offhook/sdk/fakes";
import { anEntry, INCOMING, openPage, TALKING } from "../testing/page.tsx";
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

  it("does not talk into two calls at once", async () => {
    const { world, user, update } = await openPage();
    await user.keyboard("102{Enter}");
    await update(TALKING);
    await user.click(screen.getByRole("button", { name: /Bernd Schuster/ }));
    expect(await screen.findByText(/You are in a call/)).toBeTruthy();
    expect(world.socket.commands("dial")).toHaveLength(1);
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

describe("a call", () => {
  async function talking() {
    const page = await openPage();
    await page.user.type(field(), "102{Enter}");
    await page.server(() => page.world.peer.connect());
    await page.update(TALKING);
    return page;
  }

  it("shows name, time and what can be done, and says the name in the tab", async () => {
    await talking();
    expect(screen.getByRole("timer")).toBeTruthy();
    expect(document.title).toMatch(/^[\d:]+ Berta Schulz$/);
    expect(screen.queryByRole("button", { name: "Hold" })).toBeNull();
    expect(screen.getByText("No data yet")).toBeTruthy();
    expect(screen.getByText("Connected to Berta Schulz.")).toBeTruthy();
  });

  it("mutes by button and by key, with the state for screen readers", async () => {
    const { world, user, update } = await talking();
    await user.click(button("Mute"));
    expect(world.tracks[0]?.enabled).toBe(false);
    await update({ ...TALKING, muted: true, actions: ["hang_up", "unmute", "dtmf"] });
    expect(button("Muted").getAttribute("aria-pressed")).toBe("true");
    await user.keyboard("m");
    expect(world.socket.commands("unmute")).toHaveLength(1);
  });

  it("is held and taken back by button and by key, and says who holds", async () => {
    const { world, user, update } = await talking();
    const actions = (last: "hold" | "retrieve") => ["hang_up", "mute", last] as const;
    const say = (hold: "none" | "local" | "remote" | "both", last: "hold" | "retrieve") =>
      update({ ...TALKING, hold, actions: [...actions(last)] });
    await say("none", "hold");
    await user.click(button("Hold"));
    expect(world.socket.commands("hold")).toMatchObject([{ call_id: "call-1" }]);
    await say("none", "retrieve");
    expect(screen.getByText(/Putting on hold/)).toBeTruthy();
    await say("local", "retrieve");
    expect(screen.getByText(/^[^.]*On hold/)).toBeTruthy();
    expect(screen.getByText(/is on hold\.$/)).toBeTruthy();
    await say("both", "retrieve");
    expect(screen.getByText(/On hold · .* put you on hold/)).toBeTruthy();
    await user.keyboard("h");
    expect(world.socket.commands("retrieve")).toHaveLength(1);
    await say("both", "hold");
    expect(screen.getByText(/Taking off hold/)).toBeTruthy();
    await say("remote", "hold");
    expect(screen.queryByText(/Taking off hold/)).toBeNull();
    expect(screen.getAllByText(/put you on hold/)).not.toHaveLength(0);
    expect(button("Hold")).toBeTruthy();
  });

  it("sends digits by keypad and keyboard, not while typing elsewhere", async () => {
    const { world, user } = await talking();
    await user.click(button("Keypad"));
    const pad = screen.getByRole("group", { name: "Keypad" });
    await user.click(within(pad).getByRole("button", { name: "5" }));
    await user.keyboard("7#");
    await user.type(field(), "9");
    const sender = world.peer.transceivers[0]?.sender;
    expect(sender?.dtmf.log.map(([tones]) => tones)).toEqual(["5", "57", "57#"]);
    expect(screen.getByLabelText("Digits sent").textContent).toBe("57#");
  });

  it("ends by button and by Shift+E, never by a letter typed somewhere", async () => {
    const { world, user } = await talking();
    await user.type(field(), "e");
    expect(world.socket.commands("hang_up")).toEqual([]);
    (document.activeElement as HTMLElement).blur();
    await user.keyboard("e");
    expect(world.socket.commands("hang_up")).toEqual([]);
    await user.keyboard("{Shift>}E{/Shift}");
    await waitFor(() => expect(world.socket.commands("hang_up")).toHaveLength(1));
  });

  it.each([
    [{ reason: "busy" } as const, "Berta Schulz is busy."],
    [{ reason: "no_answer" } as const, "Berta Schulz did not answer."],
    [{ reason: "declined" } as const, "Berta Schulz declined the call."],
    [
      { reason: "unreachable", words: "This number does not exist." } as const,
      "The number 102 does not exist.",
    ],
    [{ reason: "unreachable", words: null } as const, "Berta Schulz cannot be reached."],
    [{ reason: "blocked" } as const, "This number may not be called from your line."],
    [{ reason: "cancelled" } as const, "You ended the call before it was answered."],
  ])("ends in words: %o", async (change, words) => {
    const { user, end, world } = await openPage();
    await user.type(field(), "102{Enter}");
    await end(change);
    const card = screen.getByRole("article", { name: "Last call" });
    expect(within(card).getByText(words)).toBeTruthy();
    await user.click(within(card).getByRole("button", { name: "Call again" }));
    await waitFor(() => expect(world.socket.commands("dial")).toHaveLength(2));
  });

  it("says that it reconnects, inside the card, with the controls in place", async () => {
    const { world, server } = await talking();
    await server(() => world.peer.ice("disconnected"));
    expect((await screen.findAllByText(/Berta Schulz hears a notice/)).length).toBeGreaterThan(0);
    expect(button("Hang up")).toBeTruthy();
  });

  it("stays, with its notice and controls, while the socket cannot come back", async () => {
    const { world, server } = await talking();
    world.socket.reachable = false;
    await server(() => world.peer.ice("disconnected"));
    expect((await screen.findAllByText(/Berta Schulz hears a notice/)).length).toBeGreaterThan(0);
    expect(world.socket.connected).toBe(false);
    expect(button("Hang up")).toBeTruthy();
    expect(button("Mute")).toBeTruthy();
  });

  it("shows what the server says about it, also a code that it does not know", async () => {
    const { world, server } = await talking();
    const say = (code: string, words: string) =>
      server(() => world.socket.serve("notice", { call_id: "call-1", code, words }));
    await say("line_silent", "No sound arrives from the other side.");
    expect(screen.getByText("No sound arrives from Berta Schulz.")).toBeTruthy();
    await say("media_refused", "");
    expect(screen.getByText("The sound of this call could not be set up anew.")).toBeTruthy();
    expect(screen.queryByText("No sound arrives from Berta Schulz.")).toBeNull();
    await say("something_new", "Words of a newer server.");
    expect(screen.getByText("Words of a newer server.")).toBeTruthy();
  });

  it("of another tab can be brought here", async () => {
    const { world, user } = await openPage((w) => {
      w.socket.onConnect = () => w.socket.serve("snapshot", aSnapshot({ calls: [aCall(TALKING)] }));
    });
    expect(screen.queryByRole("button", { name: "Keypad" })).toBeNull();
    await user.click(button("Bring it here"));
    await waitFor(() => expect(world.socket.commands("media.offer")).toHaveLength(1));
  });
});

describe("an incoming call", () => {
  const slot = () => screen.getByRole("region", { name: "Incoming call" });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 320));

  it("has a place of its own, is announced, and is answered", async () => {
    const { world, user, ring } = await openPage();
    await ring();
    expect(within(slot()).getByText("Carla Lang")).toBeTruthy();
    expect(screen.getByText("Incoming call: Carla Lang").getAttribute("role")).toBe("alert");
    expect(document.title).toBe("Carla Lang is calling");
    await settled();
    await user.click(within(slot()).getByRole("button", { name: "Answer" }));
    await waitFor(() => expect(world.socket.commands("answer")).toHaveLength(1));
  });

  it("ignores a click meant for something else", async () => {
    const { world, user, ring } = await openPage();
    await ring();
    await user.click(within(slot()).getByRole("button", { name: /^Decline/ }));
    expect(world.socket.commands("decline")).toEqual([]);
    await settled();
    await user.click(within(slot()).getByRole("button", { name: /^Decline/ }));
    await waitFor(() => expect(world.socket.commands("decline")).toHaveLength(1));
  });

  it("says that answering failed and that it still rings, for a while", async () => {
    const { world, ring, server } = await openPage();
    await ring();
    const notice = { call_id: INCOMING.id, code: "answer_failed", words: "" };
    await server(() => world.socket.serve("notice", notice));
    const words = "Answering did not work. The call still rings: answer again.";
    expect(within(slot()).getByText(words).closest("[role=status]")).toBeTruthy();
    await server(() => void world.clock.pass(13_000));
    await waitFor(() => expect(screen.queryByText(words)).toBeNull());
  });

  it("is reached by F8 and left again to where one was", async () => {
    const { user, ring } = await openPage();
    await user.click(field());
    await ring();
    await user.keyboard("{F8}");
    expect(document.activeElement).toBe(within(slot()).getByRole("button", { name: "Answer" }));
    await user.keyboard("{F8}");
    expect(document.activeElement).toBe(field());
  });

  it("keeps half-typed text", async () => {
    const { user, ring } = await openPage();
    await user.type(field(), "ber");
    await ring();
    expect((field() as HTMLInputElement).value).toBe("ber");
    expect(document.activeElement).toBe(field());
  });

  it("says what it does to the running call", async () => {
    const { world, user, ring, update, server } = await openPage();
    await user.type(field(), "102{Enter}");
    await server(() => world.peer.connect());
    await update(TALKING);
    await ring();
    const second = screen.getByRole("region", { name: "Second call" });
    await settled();
    await user.click(within(second).getByRole("button", { name: "End Berta and answer" }));
    await waitFor(() => expect(world.socket.commands("answer")).toHaveLength(1));
    expect(world.socket.commands("hang_up")).toMatchObject([{ call_id: "call-1" }]);
  });

  it("stays and says why when the microphone is refused", async () => {
    const { world, user, ring } = await openPage((w) => {
      w.permission = "prompt";
      w.microphoneError = "NotAllowedError";
    });
    await ring();
    await settled();
    await user.click(within(slot()).getByRole("button", { name: "Answer" }));
    expect(await screen.findByText(/Your microphone is blocked\. Allow it/)).toBeTruthy();
    expect(world.socket.commands("answer")).toEqual([]);
    expect(slot()).toBeTruthy();
  });

  it("that was missed says so and offers to call back", async () => {
    const { ring, end } = await openPage();
    await ring();
    await end({ reason: "cancelled" }, INCOMING);
    const card = screen.getByRole("article", { name: "Last call" });
    expect(within(card).getByText(/You missed this call at/)).toBeTruthy();
    expect(within(card).getByRole("button", { name: "Call back" })).toBeTruthy();
  });
});

describe("the rest of the page", () => {
  it("lists recent calls with kind, unread mark and removal", async () => {
    const { world, user } = await openPage((w) => {
      const items = [
        anEntry(),
        anEntry({ id: "e2", direction: "out", reason: "busy", unread: false, name: "Hanna Wolf" }),
      ];
      w.routes["GET /journal"] = () => ({ status: 200, body: { items, next_cursor: null } });
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
    expect(screen.queryByRole("button", { name: /^Hanna Wolf/ })).toBeNull();
    await user.click(button("Delete this entry"));
    expect(world.requests.some((r) => r.method === "DELETE")).toBe(true);
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
    location.hash = "/me";
    await user.selectOptions(await screen.findByLabelText("Language"), "de");
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
});
