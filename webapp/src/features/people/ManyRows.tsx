import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Colleague } from "../dial/search.ts";
import { usePresence } from "../presence/usePresence.ts";
import styles from "./People.module.css";
import { PersonRow } from "./PersonRow.tsx";

const ROW_PX = 58;
/** Rows beyond the edge: the arrow keys find the next one there. */
const BEYOND = 8;
/** The next page is asked for when so many rows are left. */
const AHEAD = 30;

interface Props {
  people: readonly Colleague[];
  more: (() => void) | null;
}

/** Thousands of rows, of which only those on the screen exist. */
export default function ManyRows({ people, more }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [frame, setFrame] = useState<{ element: HTMLElement; above: number } | null>(null);

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

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is compiled
  const virtual = useVirtualizer({
    count: people.length,
    getScrollElement: () => frame?.element ?? null,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
    scrollMargin: frame?.above ?? 0,
    getItemKey: (index) => people[index]?.user_id ?? index,
  });
  const items = virtual.getVirtualItems();
  const shown = items.flatMap(({ index }) => people[index] ?? []);
  const presence = usePresence(shown.map((person) => person.user_id));

  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= people.length - AHEAD) more?.();
  }, [last, people.length, more]);

  return (
    <ul ref={list} className={styles.rows} style={{ height: virtual.getTotalSize() }}>
      {items.map(({ index, key, start }) => {
        const person = people[index];
        return (
          person && (
            <PersonRow
              key={key}
              person={person}
              seen={presence(person.user_id)}
              place={{
                index,
                // -1: how many there are is not known before the last page.
                count: more ? -1 : people.length,
                top: start - virtual.options.scrollMargin,
                measure: virtual.measureElement,
              }}
            />
          )
        );
      })}
    </ul>
  );
}

function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let up = element.parentElement; up; up = up.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(up).overflowY)) return up;
  }
  return document.documentElement;
}
