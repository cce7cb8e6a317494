import { Store } from "@offhook/sdk/api";

/**
 * A new proof by the company's own sign-in is asked for in a window of its own: what is open here
 * stays. The provider's pages cut the tie between the two windows, so they speak over a channel of
 * this origin; the one that waits says that it has heard, and the other one goes.
 */
const CHANNEL = "offhook-proof";
const HEARD_WITHIN_MS = 2_000;
/** A new window begins with a copy of what is stored for the session: so it knows who waits. */
const MARK = "offhook.admin.proof";

interface Report {
  mark: string;
  error: string | null;
}

/** This window was only for that, and the browser may not let it close itself. */
export const proofHeard = new Store(false);

/** Opens the window. Its mark is what its report will carry; null: the browser lets none open. */
export function openProof(url: string): string | null {
  const mark = Math.random().toString(36).slice(2);
  sessionStorage.setItem(MARK, mark);
  try {
    return window.open(url, "_blank", "popup,width=540,height=720") ? mark : null;
  } finally {
    sessionStorage.removeItem(MARK);
  }
}

/** From a page that the provider has led back to, with the reason where it did not work. */
export function reportBack(error: string | null): void {
  const mark = sessionStorage.getItem(MARK);
  sessionStorage.removeItem(MARK);
  // An ordinary sign-in is nobody's proof.
  if (mark === null || typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data !== mark) return;
    proofHeard.set(true);
    window.close();
  };
  channel.postMessage({ mark, error } satisfies Report);
  setTimeout(() => channel.close(), HEARD_WITHIN_MS);
}

/** Until it is told, or not waited for any more. */
export function awaitBack(mark: string, tell: (error: string | null) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<Partial<Report> | null>) => {
    if (data?.mark !== mark) return;
    channel.postMessage(mark);
    tell(data.error ?? null);
  };
  return () => channel.close();
}
