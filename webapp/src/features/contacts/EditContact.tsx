import { type ContactDraft, draftOf, wishOf } from "@offhook/sdk/contacts";
import { ChangedNote } from "@offhook/ui/contacts/ChangedNote.tsx";
import { ContactForm } from "@offhook/ui/contacts/ContactForm.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Contacts.module.css";
import { useReadContacts } from "./contactsList.ts";
import { panel } from "./panel.ts";

const close = () => panel.set({ kind: "list" });

/** A contact of one's own. What is typed is kept until it is saved or given up. */
export function EditContact({ draft }: { draft: ContactDraft }) {
  const t = useT();
  const phone = usePhone();
  const words = useProblemWords();
  const readAgain = useReadContacts();
  const { busy, problem, run, forget } = useWork();

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
    <section aria-labelledby="contact-title">
      <ListTitle id="contact-title" level={1}>
        {t(draft.id === null ? "contacts.form.new" : "contacts.form.edit")}
      </ListTitle>
      <div className={styles.body}>
        <ContactForm
          draft={draft}
          onChange={(next) => panel.set({ kind: "edit", draft: next })}
          onSave={() => void run(() => write(draft.version))}
          onCancel={close}
          busy={busy}
        >
          {problem?.code === "changed_meanwhile" ? (
            <ChangedNote
              onMine={() => void run(async () => write((await latest()).version))}
              onTheirs={() =>
                void run(async () => {
                  panel.set({ kind: "edit", draft: draftOf(await latest()) });
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
