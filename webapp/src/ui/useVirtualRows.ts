import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RowPlace } from "./Row.tsx";

const ROW_PX = 58;
/** Rows beyond the edge: the arrow keys find the next one there. */
const BEYOND = 8;
/** The next page is asked for when so many rows are left. */
const AHEAD = 30;

/** Thousands of rows, of which only those on the screen exist. */
export function useVirtualRows(keys: readonly string[], more: (() => void) | null) {
  const list = useRef<HTMLUListElement>(null);
  const [frame, setFrame] = useState<{ element: HTMLElement; above: number } | null>(null);
  const count = keys.length;

  useLayoutEffect(() => {
    const find = () => {
      const rows = list.current;
      const element = rows && scrollerOf(rows);
      if (!element) return;
      const offset = rows.getBoundingClientRect().top - element.getBoundingClientRect().top;
      setFrame({ element, above: offset + element.scrollTop });
    };
    find();
    window.addEventListener("resize", find);
    return () => window.removeEventListener("resize", find);
  }, []);

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame?.element ?? null,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
    scrollMargin: frame?.above ?? 0,
    getItemKey: (index) => keys[index] ?? index,
  });
  const items = virtual.getVirtualItems();

  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= count - AHEAD) more?.();
  }, [last, count, more]);

  return {
    list,
    height: virtual.getTotalSize(),
    items,
    place: ({ index, start }: VirtualItem): RowPlace => ({
      index,
      // -1: how many there are is not known before the last page.
      count: more ? -1 : count,
      top: start - virtual.options.scrollMargin,
      measure: virtual.measureElement,
    }),
  };
}

/** What scrolls it. */
export function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let up = element.parentElement; up; up = up.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(up).overflowY)) return up;
  }
  return document.documentElement;
}
