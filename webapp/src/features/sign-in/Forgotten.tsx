import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Field, textOf } from "./Field.tsx";
import styles from "./SignIn.module.css";

/** The answer is the same for every address: nobody learns who has an account. */
export default function Forgotten({ email, onBack }: { email: string; onBack: () => void }) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const [missing, setMissing] = useState(false);
  const [sent, setSent] = useState<string | null>(null);
  const { busy, problem, run } = useWork();

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const to = textOf(event.currentTarget, "email").trim();
    setMissing(to === "");
    if (to === "") return;
    void run(async () => {
      await phone.rest.call("POST /auth/password-reset", { body: { email: to } });
      setSent(to);
    });
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t("forgotten.title")}</h1>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {sent !== null ? (
        <Note kind="ok">{t("forgotten.sent", { email: sent })}</Note>
      ) : (
        <>
          <p className={styles.intro}>{t("forgotten.how")}</p>
          <Field
            name="email"
            type="email"
            autoComplete="username"
            defaultValue={email}
            label={t("signin.email")}
            error={missing ? t("signin.missing.email") : undefined}
            autoFocus
          />
          <Button look="primary" wide type="submit" isPending={busy}>
            {t("forgotten.send")}
          </Button>
        </>
      )}
      <Button look="quiet" icon="back" onPress={onBack}>
        {t("signin.back")}
      </Button>
    </form>
  );
}
