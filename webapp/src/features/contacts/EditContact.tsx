import { draftOf, wishOf } from "@offhook/sdk/contacts";
import { ChangedNote } from "@offhook/ui/contacts/ChangedNote.tsx";
import { ContactForm } from "@offhook/ui/contacts/ContactForm.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useRef } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Contacts.module.css";
import { useReadContacts } from "./contactsList.ts";
import { change, type Editing, leave } from "./panel.ts";
import { useLostFocus } from "./useLostFocus.ts";

/** A contact of one's own. What is typed is kept until it is saved or given up. */
export function EditContact({ shown: { key, draft } }: { shown: Editing }) {
  const t = useT();
  const phone = usePhone();
  const words = useProblemWords();
  const readAgain = useReadContacts();
  const { busy, problem, run, forget } = useWork();

  const close = () => leave(key);
  const box = useRef<HTMLElement>(null);
  useLostFocus(box);

  const write = async (version: number) => {
    const body = wishOf(draft);
    if (draft.id === null) await phone.rest.call("POST /contacts", { body }, phone.session);
    else {
      const change = { path: { id: draft.id }, body, ifMatch: version };
      await phone.rest.call("PUT /contacts/{id}", change, phone.session);
    }
    void readAgain();
    close();
  };
  const latest = () =>
    phone.rest.call("GET /contacts/{id}", { path: { id: draft.id ?? "" } }, phone.session);

  return (
    <section ref={box} tabIndex={-1} aria-labelledby="contact-title">
      <ListTitle id="contact-title" level={1}>
        {t(draft.id === null ? "contacts.form.new" : "contacts.form.edit")}
      </ListTitle>
      <div className={styles.body}>
        <ContactForm
          draft={draft}
          onChange={(next) => change(key, next)}
          onSave={() => void run(() => write(draft.version))}
          onCancel={close}
          busy={busy}
        >
          {problem?.code === "changed_meanwhile" ? (
            <ChangedNote
              onMine={() => void run(async () => write((await latest()).version))}
              onTheirs={() =>
                void run(async () => {
                  change(key, draftOf(await latest()));
                  forget();
                })
              }
            />
          ) : (
            problem && <Note kind="danger">{words(problem)}</Note>
          )}
        </ContactForm>
      </div>
    </section>
  );
}
