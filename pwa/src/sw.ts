/// <reference lib="webworker" />
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: ServiceWorkerGlobalScope & {
  __WB_MANIFEST: { url: string; revision: string | null }[];
};

/**
 * The shell without a network, and notices of calls. It keeps no answer of the API, and it takes
 * over only when the page says so: a reload during a call would cost the call its audio.
 */
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(
  new NavigationRoute(createHandlerBoundToURL("/index.html"), {
    denylist: [/^\/api\//, /^\/admin(?:\/|$)/, /^\/socket\.io\//, /^\/(?:healthz|readyz|metrics)$/],
  }),
);

self.addEventListener("message", (event) => {
  const data = event.data as { type?: unknown } | null;
  if (data?.type === "SKIP_WAITING") void self.skipWaiting();
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { callId } = (event.notification.data ?? {}) as { callId?: string };
  event.waitUntil(tellPage(event.action, callId));
});

/** Answer and Decline are done by the page, which owns the microphone; a click opens it. */
async function tellPage(action: string, callId: string | undefined): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages[0];
  if (!page) {
    await self.clients.openWindow("/");
    return;
  }
  if (callId !== undefined && action !== "") {
    page.postMessage({ type: "call-action", action, callId });
  }
  if (action !== "decline") await page.focus();
}
