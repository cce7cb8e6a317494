import type { Contact } from "@offhook/sdk";
import type { ComponentProps } from "react";
import { useVirtualRows } from "../../ui/useVirtualRows.ts";
import { ContactRow } from "./ContactRow.tsx";
import styles from "./Contacts.module.css";

interface Props {
  contacts: readonly Contact[];
  partsOf: (contact: Contact, index: number) => ComponentProps<typeof ContactRow>;
  more: (() => void) | null;
}

/** Thousands of rows, of which only those on the screen exist. */
export default function ManyContacts({ contacts, partsOf, more }: Props) {
  const keys = contacts.map(({ id }) => id);
  const { list, height, items, place } = useVirtualRows(keys, more);
  return (
    <ul ref={list} className={styles.rows} style={{ height }}>
      {items.map((item) => {
        const contact = contacts[item.index];
        return (
          contact && (
            <ContactRow key={item.key} {...partsOf(contact, item.index)} place={place(item)} />
          )
        );
      })}
    </ul>
  );
}
