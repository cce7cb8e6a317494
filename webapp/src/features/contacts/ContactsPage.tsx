import { useObservable } from "../../app/PhoneContext.tsx";
import { ContactList } from "./ContactList.tsx";
import { EditContact } from "./EditContact.tsx";
import { ImportContacts } from "./ImportContacts.tsx";
import { panel } from "./panel.ts";

/** One's own contacts and the company's: found, called, kept. */
export default function ContactsPage() {
  const shown = useObservable(panel);
  switch (shown.kind) {
    case "edit":
      return <EditContact key={shown.key} shown={shown} />;
    case "import":
      return <ImportContacts state={shown.import} />;
    case "list":
      return <ContactList />;
  }
}
