import { Store } from "@offhook/sdk";

/** Set when a newer version waits; calling it loads that version. The user decides when. */
export const waitingUpdate = new Store<(() => void) | null>(null);

/**
 * Set when a newer version took over, accepted here or in another tab: it takes over all tabs at
 * once. Calling it reloads this one; UpdateNote does so as soon as no call would lose its audio.
 */
export const dueReload = new Store<(() => void) | null>(null);

/** The shell works offline from the second visit on. Without service workers all else still works. */
export async function registerWorker(): Promise<void> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  const { registerSW } = await import("virtual:pwa-register");
  const load = registerSW({
    onNeedRefresh: () => waitingUpdate.set(() => void load(true)),
    // Without this the library itself reloads every tab, in a call or not.
    onNeedReload: () => dueReload.set(() => location.reload()),
  });
}
