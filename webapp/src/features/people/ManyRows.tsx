import { useVirtualRows } from "../../ui/useVirtualRows.ts";
import type { Colleague } from "../dial/search.ts";
import { usePresence } from "../presence/usePresence.ts";
import styles from "./People.module.css";
import { PersonRow } from "./PersonRow.tsx";

interface Props {
  people: readonly Colleague[];
  more: (() => void) | null;
}

/** Thousands of rows, of which only those on the screen exist. */
export default function ManyRows({ people, more }: Props) {
  const keys = people.map((person) => person.user_id);
  const { list, height, items, place } = useVirtualRows(keys, more);
  const presence = usePresence(items.flatMap(({ index }) => keys[index] ?? []));
  return (
    <ul ref={list} className={styles.rows} style={{ height }}>
      {items.map((item) => {
        const person = people[item.index];
        return (
          person && (
            <PersonRow
              key={item.key}
              person={person}
              seen={presence(person.user_id)}
              place={place(item)}
            />
          )
        );
      })}
    </ul>
  );
}
