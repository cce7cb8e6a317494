import { Store } from "@offhook/sdk/api";

/**
 * A new proof by the company's own sign-in is asked for in a window of its own: what is open here
 * stays. The provider's pages cut the tie between the two windows, so they speak over a channel of
 * this origin; the one that waits says that it has heard, and the other one goes.
 */
const CHANNEL = "offhook-proof";
const HEARD_WITHIN_MS = 2_000;

/** This window was only for that, and the browser may not let it close itself. */
export const proofHeard = new Store(false);

/** From a page that the provider has led back to, with the reason where it did not work. */
export function reportBack(error: string | null): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data !== "heard") return;
    proofHeard.set(true);
    window.close();
  };
  channel.postMessage({ error });
  setTimeout(() => channel.close(), HEARD_WITHIN_MS);
}

/** Until it is told, or not waited for any more. */
export function awaitBack(tell: (error: string | null) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== "object" || data === null || !("error" in data)) return;
    channel.postMessage("heard");
    tell(typeof data.error === "string" ? data.error : null);
  };
  return () => channel.close();
}
