type Unsubscribe = () => void;

/** What the tabs of one browser profile settle among themselves. */
export interface Tabs {
  /** Called once, when this tab becomes the one that rings. */
  onLeader: (work: () => void) => Unsubscribe;
  /** Tells the other tabs that this one carries the call's audio now. */
  announce: (callId: string) => void;
  onAnnounced: (work: (callId: string) => void) => Unsubscribe;
  /** This tab is about to carry it: whoever asks right now has the answer. */
  claim: (callId: string) => void;
  /**
   * Does another tab carry this call's audio? Only who would carry it asks: of two that ask at the
   * same time one is told yes.
   */
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
  /** Which tab says it. */
  by?: string;
  /** When it was announced, by the clock that all tabs share. */
  at?: number;
}

export function createTabs(): Tabs {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
  const self = Math.random().toString(36).slice(2);
  /** When this tab announced a call last. */
  const announced = new Map<string, number>();
  let carries: (callId: string) => boolean = () => false;

  const post = (message: Message) => channel?.postMessage({ ...message, by: self });
  const listen = (work: (message: Message & { callId: string }) => void): Unsubscribe => {
    const onMessage = ({ data }: MessageEvent<Message | null>) => {
      if (typeof data?.callId === "string") work({ ...data, callId: data.callId });
    };
    channel?.addEventListener("message", onMessage);
    return () => channel?.removeEventListener("message", onMessage);
  };
  /** Two announcements may cross: the later one counts, so that not both let go. */
  const isNewer = ({ callId, at, by = "" }: Message & { callId: string }) => {
    const ours = announced.get(callId) ?? -Infinity;
    return at === undefined || at > ours || (at === ours && by > self);
  };

  return {
    onLeader,
    announce: (callId) => {
      const at = Date.now();
      announced.set(callId, at);
      post({ callId, at });
    },
    onAnnounced: (work) =>
      listen((message) => {
        if (message.kind === undefined && isNewer(message)) work(message.callId);
      }),
    claim: (callId) => post({ callId, kind: "mine" }),
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
        const stop = listen((message) => {
          if (message.callId !== callId) return;
          // To whom this tab says that it carries the call, it does not leave it.
          if (message.kind === "who" && carries(callId)) return;
          const theirs = message.kind !== "who" || (message.by ?? "") > self;
          if (theirs) done(true);
          else post({ callId, kind: "mine" });
        });
        const timer = setTimeout(() => done(false), ANSWERS_WITHIN_MS);
        post({ callId, kind: "who" });
      }),
    onAsked: (work) => {
      carries = work;
      return listen(({ callId, kind }) => {
        if (kind === "who" && carries(callId)) post({ callId, kind: "mine" });
      });
    },
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
