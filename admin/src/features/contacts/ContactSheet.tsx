import { type Contact, ProblemError } from "@offhook/sdk/api";
import { draftOf, newDraft, wishOf } from "@offhook/sdk/contacts";
import { ChangedNote } from "@offhook/ui/contacts/ChangedNote.tsx";
import { ContactForm } from "@offhook/ui/contacts/ContactForm.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";

interface Props {
  /** null: a new one. */
  contact: Contact | null;
  onClose: (changed: boolean) => void;
}

export function ContactSheet({ contact, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [before] = useState(() => (contact ? draftOf(contact) : newDraft()));
  const [draft, setDraft] = useState(before);
  const [overtaken, setOvertaken] = useState(false);

  const write = async (version: number) => {
    setOvertaken(false);
    const body = wishOf(draft);
    try {
      if (draft.id === null) await api.call("POST /admin/contacts", { body });
      else {
        const change = { path: { id: draft.id }, body, ifMatch: version };
        await api.call("PUT /admin/contacts/{id}", change);
      }
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "changed_meanwhile") throw error;
      setOvertaken(true);
      return;
    }
    tell(t("common.saved"));
    onClose(true);
  };
  const latest = () => api.call("GET /contacts/{id}", { path: { id: draft.id ?? "" } });

  return (
    <Sheet
      title={contact?.name ?? t("contacts.new")}
      changed={draft !== before}
      onClose={() => onClose(false)}
    >
      <ContactForm
        draft={draft}
        onChange={setDraft}
        onSave={() => void run(() => write(draft.version))}
        onCancel={() => onClose(false)}
        busy={busy}
      >
        {problem !== null && <Note kind="danger">{problem}</Note>}
        {overtaken && (
          <ChangedNote
            onMine={() => void run(async () => write((await latest()).version))}
            onTheirs={() =>
              void run(async () => {
                setDraft(draftOf(await latest()));
                setOvertaken(false);
              })
            }
          />
        )}
      </ContactForm>
    </Sheet>
  );
}
