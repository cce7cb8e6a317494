import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CodeField, Field, textOf } from "../sign-in/Field.tsx";
import { Section } from "./Section.tsx";
import styles from "./Security.module.css";
import { fresh } from "./stepUp.ts";
import { useReadAgain } from "./useSecurity.ts";

type Step = { kind: "idle" } | { kind: "asking" } | { kind: "sent"; to: string };

/** The new address proves itself by a code that is sent there. */
export function EmailSection({ email }: { email: string }) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const readAgain = useReadAgain();
  const [step, setStep] = useState<Step>({ kind: "idle" });
  const { busy, problem, details, run, forget } = useWork();
  const left = details["attempts_left"];
  const leave = () => {
    forget();
    setStep({ kind: "idle" });
  };

  const ask = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const to = textOf(event.currentTarget, "new_email").trim();
    if (to === "") return;
    void run(async () => {
      await fresh(() => phone.rest.call("POST /me/email", { body: { email: to } }, phone.session));
      setStep({ kind: "sent", to });
    });
  };
  const confirm = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = textOf(event.currentTarget, "code").trim();
    if (code === "") return;
    void run(async () => {
      await phone.rest.call("POST /me/email/confirm", { body: { code } }, phone.session);
      readAgain();
      setStep({ kind: "idle" });
    });
  };

  return (
    <Section title={t("signin.email")} step={step.kind}>
      <p>{email}</p>
      {problem && (
        <Note kind="danger">
          {words(problem)}
          {typeof left === "number" && ` ${t("step.left", { count: left })}`}
        </Note>
      )}
      {step.kind === "idle" && (
        <div className={styles.buttons}>
          <Button onPress={() => setStep({ kind: "asking" })}>{t("email.change")}</Button>
        </div>
      )}
      {step.kind === "asking" && (
        <form className={styles.form} onSubmit={ask} noValidate>
          <Field
            name="new_email"
            type="email"
            autoComplete="email"
            label={t("email.new")}
            autoFocus
          />
          <div className={styles.buttons}>
            <Button look="primary" type="submit" isPending={busy}>
              {t("email.send")}
            </Button>
            <Button onPress={leave}>{t("security.cancel")}</Button>
          </div>
        </form>
      )}
      {step.kind === "sent" && (
        <form className={styles.form} onSubmit={confirm} noValidate>
          <p role="status">{t("email.sent", { email: step.to })}</p>
          <CodeField name="code" label={t("email.code")} autoFocus />
          <div className={styles.buttons}>
            <Button look="primary" type="submit" isPending={busy}>
              {t("email.confirm")}
            </Button>
            <Button onPress={leave}>{t("security.cancel")}</Button>
          </div>
        </form>
      )}
    </Section>
  );
}
