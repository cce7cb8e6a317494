import { type Problem, toProblem } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useIntl } from "react-intl";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Support.module.css";

interface Sent {
  reference: string;
  kept_until: string;
}

/** What was read goes to the administrators, with a word about what went wrong. */
export function SendForm({ bundle }: { bundle: Record<string, unknown> }) {
  const t = useT();
  const intl = useIntl();
  const phone = usePhone();
  const words = useProblemWords();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState<Sent | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const body = { source: "webapp" as const, note: note.trim(), bundle };
      setSent(await phone.rest.call("POST /diagnostics", { body }, phone.session));
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };
  if (sent) {
    const day = intl.formatDate(sent.kept_until, { dateStyle: "medium" });
    return <Note kind="ok">{t("support.sent", { reference: sent.reference, day })}</Note>;
  }
  return (
    <form
      className={styles.box}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label className={styles.field}>
        {t("support.note")}
        <textarea
          className={styles.note}
          rows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      <div className={styles.buttons}>
        <Button look="primary" type="submit" isPending={busy}>
          {t("support.send")}
        </Button>
      </div>
    </form>
  );
}
