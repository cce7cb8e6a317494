import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openPage, TALKING } from "../../testing/page.tsx";

interface Shown {
  title: string;
  tag: string;
  actions: { action: string; title: string }[];
}

/** The system's notices, one per tag, and a service worker that shows them. */
function fakeSystem() {
  const open: Shown[] = [];
  const system = { open, shown: 0, finds: Promise.resolve() };
  const registration = {
    active: {},
    showNotification: async (title: string, options: Omit<Shown, "title">) => {
      const same = open.findIndex((note) => note.tag === options.tag);
      if (same >= 0) open.splice(same, 1);
      open.push({ title, ...options });
      system.shown += 1;
    },
    getNotifications: async ({ tag }: { tag: string }) => {
      await system.finds;
      const found = open.filter((note) => note.tag === tag);
      return found.map((note) => ({ close: () => open.splice(open.indexOf(note), 1) }));
    },
  };
  const worker = Object.assign(new EventTarget(), { getRegistration: async () => registration });
  Object.defineProperty(navigator, "serviceWorker", { value: worker, configurable: true });
  return { system, worker };
}

function look(state: DocumentVisibilityState): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.stubGlobal("Notification", { permission: "granted" });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  Reflect.deleteProperty(navigator, "serviceWorker");
});

describe("the system's notice of a call", () => {
  it("says what answering does to the running call", async () => {
    const { system, worker } = fakeSystem();
    const { world, user, ring, update, server } = await openPage();
    await user.type(screen.getByRole("textbox", { name: "Name or number" }), "102{Enter}");
    await server(() => world.peer.connect());
    await update(TALKING);
    await server(() => look("hidden"));
    await ring();
    await waitFor(() => expect(system.open).toHaveLength(1));
    const words = system.open[0]?.actions.map((action) => action.title);
    expect(words).toEqual(["End Berta and answer", "Decline"]);
    const data = { type: "call-action", action: "answer", callId: "in-1" };
    await server(() => worker.dispatchEvent(new MessageEvent("message", { data })));
    await waitFor(() => expect(world.socket.commands("answer")).toHaveLength(1));
    expect(world.socket.commands("hang_up")).toMatchObject([{ call_id: "call-1" }]);
  });

  it("is not closed by the end of the one before it", async () => {
    const { system } = fakeSystem();
    const { ring, server } = await openPage();
    await server(() => look("hidden"));
    await ring();
    await waitFor(() => expect(system.shown).toBe(1));
    let found: () => void = () => undefined;
    system.finds = new Promise<void>((resolve) => (found = resolve));
    await server(() => look("visible"));
    await server(() => look("hidden"));
    await server(found);
    await waitFor(() => expect(system.shown).toBe(2));
    await server(() => undefined);
    expect(system.open.map((note) => note.title)).toEqual(["Carla Lang is calling"]);
  });
});
