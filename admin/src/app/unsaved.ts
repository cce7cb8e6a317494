import { Store } from "@offhook/sdk/api";
import { useEffect } from "react";
import { goTo, parse, shownHash, stayAt } from "./route.ts";

/** Forms that have been typed into and not been saved. */
const held = new Set<object>();

/** Where somebody wants to go who has not saved: they are asked first. */
export const leavingFor = new Store<string | null>(null);

/** As long as it is `dirty`, neither a link nor "back" nor closing the window loses it unasked. */
export function useUnsaved(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const one = {};
    held.add(one);
    return () => {
      held.delete(one);
    };
  }, [dirty]);
}

export function leave(hash: string): void {
  held.clear();
  goTo(hash);
}

/** Begins before anything else hears of a change of the address. */
export function guardUnsaved(): () => void {
  const onHash = (event: Event) => {
    const wanted = location.hash;
    const [from, to] = [parse(shownHash()), parse(wanted)];
    if (held.size === 0 || (from.page === to.page && from.id === to.id)) {
      stayAt(wanted);
      return;
    }
    event.stopImmediatePropagation();
    history.replaceState(null, "", shownHash());
    leavingFor.set(wanted);
  };
  const onClose = (event: BeforeUnloadEvent) => {
    if (held.size > 0) event.preventDefault();
  };
  stayAt(location.hash);
  window.addEventListener("hashchange", onHash);
  window.addEventListener("beforeunload", onClose);
  return () => {
    window.removeEventListener("hashchange", onHash);
    window.removeEventListener("beforeunload", onClose);
  };
}
