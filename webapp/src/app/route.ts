import { useSyncExternalStore } from "react";

export const VIEWS = [
  "phone",
  "people",
  "contacts",
  "recents",
  "voicemail",
  "me",
  "settings",
  "security",
] as const;
export type View = (typeof VIEWS)[number];

/** The view is in the hash: the back button of a phone works and a reload stays where it was. */
export function useView(): View {
  return useSyncExternalStore(subscribe, currentView);
}

export function hrefOf(view: View): string {
  return `#/${view}`;
}

export function show(view: View): void {
  if (currentView() !== view) location.hash = `/${view}`;
}

function currentView(): View {
  const name = location.hash.replace(/^#\/?/, "");
  return VIEWS.find((view) => view === name) ?? "phone";
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}
