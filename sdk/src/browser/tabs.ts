type Unsubscribe = () => void;

/** What the tabs of one browser profile settle among themselves. */
export interface Tabs {
  /** Called once, when this tab becomes the one that rings. */
  onLeader: (work: () => void) => Unsubscribe;
  /** Tells the other tabs that this one carries the call's audio now. */
  announce: (callId: string) => void;
  onAnnounced: (work: (callId: string) => void) => Unsubscribe;
  /** Does another tab carry this call's audio? */
  carriedElsewhere: (callId: string) => Promise<boolean>;
  /** What this tab says to that question. */
  onAsked: (carries: (callId: string) => boolean) => Unsubscribe;
}

const LOCK = "offhook-leader";
const CHANNEL = "offhook-legs";
/** A tab that has sound to carry is not throttled, so it answers within milliseconds. */
const ANSWERS_WITHIN_MS = 150;

interface Message {
  callId?: unknown;
  /** Without it: the sender carries the call from now on. */
  kind?: "who" | "mine";
}

export function createTabs(): Tabs {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

  const listen = (kind: Message["kind"], work: (callId: string) => void): Unsubscribe => {
    const onMessage = (event: MessageEvent<Message | null>) => {
      const { data } = event;
      if (typeof data?.callId === "string" && data.kind === kind) work(data.callId);
    };
    channel?.addEventListener("message", onMessage);
    return () => channel?.removeEventListener("message", onMessage);
  };

  return {
    onLeader,
    announce: (callId) => channel?.postMessage({ callId }),
    onAnnounced: (work) => listen(undefined, work),
    carriedElsewhere: (callId) =>
      new Promise((resolve) => {
        if (!channel) {
          resolve(false);
          return;
        }
        const done = (carried: boolean) => {
          stop();
          clearTimeout(timer);
          resolve(carried);
        };
        const stop = listen("mine", (id) => {
          if (id === callId) done(true);
        });
        const timer = setTimeout(() => done(false), ANSWERS_WITHIN_MS);
        channel.postMessage({ callId, kind: "who" });
      }),
    onAsked: (carries) =>
      listen("who", (callId) => {
        if (carries(callId)) channel?.postMessage({ callId, kind: "mine" });
      }),
  };
}

function onLeader(work: () => void): Unsubscribe {
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
}
