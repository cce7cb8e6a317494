import { Store } from "@offhook/sdk";
import { type RefObject, useLayoutEffect } from "react";
import { scrollerOf } from "../../ui/useVirtualRows.ts";
import type { Whose } from "./contactsList.ts";

export interface ListPlace {
  of: Whose;
  text: string;
  openId: string | null;
  top: number;
}

export const BEGINNING: ListPlace = { of: "all", text: "", openId: null, top: 0 };

/** Where one stood in the list, for whoever comes back from a contact or from another page. */
export const listPlace = new Store(BEGINNING);

export function moveTo(change: Partial<ListPlace>): void {
  listPlace.update((place) => ({ ...place, ...change }));
}

/** As far down as it was when it was left; the rows are remembered, so they are there at once. */
export function useKeptTop(box: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const scroller = box.current && scrollerOf(box.current);
    if (!scroller) return;
    scroller.scrollTop = listPlace.get().top;
    return () => moveTo({ top: scroller.scrollTop });
  }, [box]);
}
