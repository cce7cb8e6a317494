import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openPage, TALKING } from "../testing/page.tsx";
import { dueReload, registerWorker, waitingUpdate } from "./update.ts";

interface Worker {
  onNeedRefresh: () => void;
  onNeedReload: () => void;
}

const { register } = vi.hoisted(() => ({ register: vi.fn() }));
vi.mock("virtual:pwa-register", () => ({ registerSW: register }));

const reload = vi.fn();

beforeEach(() => {
  vi.stubEnv("DEV", false);
  Object.defineProperty(navigator, "serviceWorker", {
    value: new EventTarget(),
    configurable: true,
  });
  vi.stubGlobal("location", { hash: "", href: location.href, search: "", reload });
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "serviceWorker");
  vi.clearAllMocks();
  dueReload.set(null);
});

/** The page with its worker, in the test's hand. */
async function withWorker() {
  const page = await openPage();
  const accept = vi.fn();
  register.mockReturnValue(accept);
  await registerWorker();
  const [worker] = register.mock.calls[0] as [Worker];
  return { ...page, worker, accept };
}

const dial = async (page: Awaited<ReturnType<typeof withWorker>>) => {
  await page.user.type(screen.getByRole("textbox", { name: "Name or number" }), "102{Enter}");
  await page.update(TALKING);
};

describe("a newer version", () => {
  it("is loaded at the user's word", async () => {
    const { user, server, worker, accept } = await withWorker();
    await server(() => worker.onNeedRefresh());
    await user.click(screen.getByRole("button", { name: "Load it now" }));
    expect(accept).toHaveBeenCalledOnce();
    expect(reload).not.toHaveBeenCalled();
    await server(() => worker.onNeedReload());
    expect(reload).toHaveBeenCalledOnce();
  });

  it("that another tab accepted waits for the end of the call and of its audio", async () => {
    const page = await withWorker();
    await dial(page);
    await page.server(() => {
      page.worker.onNeedRefresh();
      page.worker.onNeedReload();
    });
    expect(screen.getByText("New version after your call.")).toBeTruthy();
    expect(reload).not.toHaveBeenCalled();

    await page.end({ reason: "busy" });
    expect(page.phone.calls.get().calls).toEqual([]);
    expect(reload).not.toHaveBeenCalled();
    await act(() => page.world.clock.pass(60_000));
    expect(page.phone.legs.views.get()).toEqual({});
    expect(reload).toHaveBeenCalledOnce();
  });

  it("that another tab accepted waits for a call that rings", async () => {
    const page = await withWorker();
    await page.ring();
    await page.server(() => page.worker.onNeedReload());
    expect(reload).not.toHaveBeenCalled();
    expect(waitingUpdate.get()).toBeNull();
  });
});
