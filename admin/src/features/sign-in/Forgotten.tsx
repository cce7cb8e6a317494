import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { useWork } from "../../ui/useWork.ts";
import styles from "./SignIn.module.css";

/** The answer is the same for every address: nobody learns who has an account. */
export function Forgotten(props: { email: string; onBack: () => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [email, setEmail] = useState(props.email);
  const [missing, setMissing] = useState(false);
  const [sent, setSent] = useState(false);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { email: email.trim() };
    setMissing(body.email === "");
    if (body.email === "") return;
    void run(async () => {
      await api.rest.call("POST /auth/password-reset", { body });
      setSent(true);
    });
  };

  return (
    <form onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t("signIn.forgotten.title")}</h1>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {sent ? (
        <Note kind="ok">{t("signIn.forgotten.sent", { email: email.trim() })}</Note>
      ) : (
        <>
          <p>{t("signIn.forgotten.how")}</p>
          <TextField
            label={t("signIn.email")}
            type="email"
            autoComplete="username"
            value={email}
            onChange={setEmail}
            error={missing && email.trim() === "" ? t("form.missing") : undefined}
            autoFocus
          />
        </>
      )}
      <FormActions>
        <Button look="quiet" icon="back" onPress={props.onBack}>
          {t("common.back")}
        </Button>
        {!sent && (
          <Button look="primary" type="submit" isPending={busy}>
            {t("signIn.forgotten.go")}
          </Button>
        )}
      </FormActions>
    </form>
  );
}
