import type { Contact } from "@offhook/sdk";
import { dialOf } from "@offhook/sdk/contacts";
import { IconButton } from "@offhook/ui/Button.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Row, type RowPlace } from "../../ui/Row.tsx";
import { useDial } from "../dial/useDial.ts";
import { ContactDetails } from "./ContactDetails.tsx";
import styles from "./Contacts.module.css";
import { shownNumber } from "./words.ts";

interface Props {
  contact: Contact;
  /** The letter of the alphabet that begins here. */
  letter: string | null;
  open: boolean;
  onOpen: (open: boolean) => void;
  onRemove: (contact: Contact) => void;
  place?: RowPlace;
}

/** Pressing calls the first number, which is shown; the details have all of them. */
export function ContactRow({ contact, letter, open, onOpen, onRemove, place }: Props) {
  const t = useT();
  const { dial } = useDial();
  const { name, company, numbers } = contact;
  const [first, ...others] = numbers;
  const toggle = () => onOpen(!open);
  return (
    <Row
      avatar={name}
      title={
        <>
          {name}
          {company !== "" && company !== name && <span className={styles.company}>{company}</span>}
        </>
      }
      calls={first !== undefined}
      detail={
        first
          ? [
              `${t(`contacts.kind.${first.kind}`)} ${shownNumber(first)}`,
              ...(others.length > 0 ? [t("contacts.others", { count: others.length })] : []),
            ].join(" · ")
          : t("contacts.noNumber")
      }
      place={place}
      above={letter === null ? undefined : <h2 className={styles.letter}>{letter}</h2>}
      actions={
        <IconButton
          icon="info"
          label={t(open ? "contacts.details.hide" : "contacts.details", { name })}
          aria-expanded={open}
          onPress={toggle}
        />
      }
      below={open ? <ContactDetails contact={contact} onRemove={onRemove} /> : undefined}
      onPress={() => {
        if (first) dial(dialOf(first), name);
        else toggle();
      }}
    />
  );
}
