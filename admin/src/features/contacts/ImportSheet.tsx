import type { ContactsImported } from "@offhook/sdk/api";
import { contactFile } from "@offhook/sdk/contacts";
import { Button } from "@offhook/ui/Button.tsx";
import { ContactFile } from "@offhook/ui/contacts/ContactFile.tsx";
import { ImportResult } from "@offhook/ui/contacts/ImportResult.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";

/** An address book of another program becomes the company's. */
export function ImportSheet({ onClose }: { onClose: (changed: boolean) => void }) {
  const t = useT();
  const api = useApi();
  const { problem, run } = useWork();
  const [sending, setSending] = useState<string | null>(null);
  const [result, setResult] = useState<ContactsImported | null>(null);
  const send = async (file: File) => {
    setSending(file.name);
    await run(async () =>
      setResult(await api.call("POST /admin/contacts/import", { file: contactFile(file) })),
    );
    setSending(null);
  };
  return (
    <Sheet
      title={t("contacts.import.title")}
      onClose={() => onClose(result !== null)}
      dismissable={sending === null}
      asks={false}
    >
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {result ? (
        <ImportResult result={result} />
      ) : (
        <>
          <p>{t("contacts.import.text")}</p>
          <ContactFile sending={sending} onFile={(file) => void send(file)} />
        </>
      )}
      {sending === null && (
        <FormActions>
          {result && <Button onPress={() => setResult(null)}>{t("contacts.import.again")}</Button>}
          <Button
            look={result ? "primary" : "plain"}
            autoFocus={result !== null}
            onPress={() => onClose(true)}
          >
            {t(result ? "common.done" : "common.cancel")}
          </Button>
        </FormActions>
      )}
    </Sheet>
  );
}
