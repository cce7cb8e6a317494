import { hrefOf, useView } from "../../app/route.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./People.module.css";

/** Two lists of people under one place of the navigation. */
export function PeopleOrContacts() {
  const t = useT();
  const view = useView();
  return (
    <nav className={styles.which} aria-label={t("people.which")}>
      {(["people", "contacts"] as const).map((one) => (
        <a key={one} href={hrefOf(one)} aria-current={view === one ? "page" : undefined}>
          {t(one === "people" ? "people.tab" : "contacts.title")}
        </a>
      ))}
    </nav>
  );
}
