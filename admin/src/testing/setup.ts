import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { notice } from "../app/notices.ts";

// As for the web app: nothing is hidden here, and a busy machine takes its time.
configure({ defaultHidden: true, asyncUtilTimeout: 5_000 });

/** jsdom has no layout: the page counts as wide unless a test says otherwise. */
export const layout = { narrow: false };

Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({
    matches: query.includes("max-width") ? layout.narrow : query.includes("hover"),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }),
});
Object.defineProperty(window, "CSS", { value: { escape: (name: string) => name } });
window.scrollTo = () => undefined;
// A window of some rows: without heights the list would draw none.
Object.defineProperty(HTMLElement.prototype, "offsetHeight", { get: () => 61 });
Object.defineProperty(window, "innerHeight", { value: 800 });
globalThis.ResizeObserver = class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};

afterEach(() => {
  cleanup();
  layout.narrow = false;
  localStorage.clear();
  location.hash = "";
  notice.set(null);
});
