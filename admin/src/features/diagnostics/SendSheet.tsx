import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi, useMe } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import { portalBundle } from "./bundle.ts";
import styles from "./Diagnostics.module.css";

/** What this window knows of its own faults: read first, sent then. */
export function SendSheet({ onClose, onSent }: { onClose: () => void; onSent: () => void }) {
  const t = useT();
  const api = useApi();
  const me = useMe();
  const { busy, problem, run } = useWork();
  const [bundle] = useState(() => portalBundle(me));
  const [note, setNote] = useState("");
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    await run(async () => {
      const body = { source: "portal" as const, note: note.trim(), bundle };
      const { reference } = await api.call("POST /diagnostics", { body });
      tell(t("diagnostics.sent", { reference }));
      onSent();
    });
  };
  return (
    <Sheet title={t("diagnostics.send")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <p>{t("diagnostics.what")}</p>
        <pre className={styles.text} tabIndex={0} aria-label={t("diagnostics.content")}>
          {JSON.stringify(bundle, null, 2)}
        </pre>
        <TextField
          label={t("diagnostics.note")}
          value={note}
          onChange={setNote}
          lines={3}
          maxLength={500}
        />
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <FormActions>
          <Button look="primary" type="submit" isPending={busy}>
            {t("diagnostics.go")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
