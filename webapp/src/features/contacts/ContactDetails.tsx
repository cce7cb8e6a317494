import type { Contact } from "@offhook/sdk";
import { dialOf, draftOf } from "@offhook/sdk/contacts";
import { Button } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { useDial } from "../dial/useDial.ts";
import styles from "./Contacts.module.css";
import { edit } from "./panel.ts";
import { shownNumber } from "./words.ts";

interface Props {
  contact: Contact;
  onRemove: (contact: Contact) => void;
}

/** All that is known of one contact. What the company keeps is changed by its administrators. */
export function ContactDetails({ contact, onRemove }: Props) {
  const t = useT();
  const { dial } = useDial();
  const { name, email, note, numbers, shared } = contact;
  return (
    <div className={styles.details}>
      {numbers.length > 0 && (
        <ul className={styles.numbers}>
          {numbers.map((one, i) => (
            <li key={i}>
              <Button
                icon="phone"
                note={t(`contacts.kind.${one.kind}`)}
                onPress={() => dial(dialOf(one), name)}
              >
                {shownNumber(one)}
                <span className="visually-hidden">{t("row.call")}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      {email !== "" && (
        <p>
          <a className={styles.mail} href={`mailto:${encodeURIComponent(email)}`}>
            <Icon name="mail" size={18} />
            {email}
          </a>
        </p>
      )}
      {note !== "" && <p className={styles.note}>{note}</p>}
      <p className={styles.source}>
        <Icon name={shared ? "building" : "people"} size={18} />
        {t(shared ? "contacts.source.company" : "contacts.source.mine")}
      </p>
      {!shared && (
        <div className={styles.buttons}>
          <Button icon="edit" onPress={() => edit(draftOf(contact))}>
            {t("contacts.edit")}
          </Button>
          <Button icon="trash" onPress={() => onRemove(contact)}>
            {t("contacts.delete")}
          </Button>
        </div>
      )}
    </div>
  );
}
