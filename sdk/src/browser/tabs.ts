type Unsubscribe = () => void;

/** What the tabs of one browser profile settle among themselves. */
export interface Tabs {
  /** Called once, when this tab becomes the one that rings. */
  onLeader: (work: () => void) => Unsubscribe;
  /** Tells the other tabs that this one carries the call's audio now. */
  announce: (callId: string) => void;
  onAnnounced: (work: (callId: string) => void) => Unsubscribe;
}

const LOCK = "offhook-leader";
const CHANNEL = "offhook-legs";

export function createTabs(): Tabs {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
  return {
    onLeader: (work) => {
      const locks = (navigator as Partial<Navigator>).locks;
      if (!locks) {
        work();
        return () => undefined;
      }
      const abort = new AbortController();
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      // The browser hands the lock to the next tab when this one closes or crashes.
      locks
        .request(LOCK, { signal: abort.signal }, async () => {
          work();
          await held;
        })
        .catch(() => undefined);
      return () => {
        abort.abort();
        release();
      };
    },
    announce: (callId) => channel?.postMessage({ callId }),
    onAnnounced: (work) => {
      const listen = (event: MessageEvent<unknown>) => {
        const data = event.data as { callId?: unknown } | null;
        if (typeof data?.callId === "string") work(data.callId);
      };
      channel?.addEventListener("message", listen);
      return () => channel?.removeEventListener("message", listen);
    },
  };
}
