import { passkeysSupported, ProblemError } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useRef, useState } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { type MessageId, useT } from "../../i18n/I18n.tsx";
import { Field, PasswordField, textOf } from "./Field.tsx";
import { signInError } from "./link.ts";
import { type OpenStep, stepOf } from "@offhook/ui/sign-in/openStep.ts";
import { signInByPasskey } from "@offhook/ui/sign-in/passkey.ts";
import styles from "./SignIn.module.css";
import { ssoWords } from "./ssoWords.ts";
import { useCompanySignIn } from "@offhook/ui/sign-in/useCompanySignIn.ts";

const REASONS: Record<string, MessageId> = { ended: "signin.ended", expired: "signin.expired" };

interface Props {
  why: string;
  onStep: (step: OpenStep) => void;
  onForgotten: (email: string) => void;
}

export function PasswordForm({ why, onStep, onForgotten }: Props) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState({ email: false, password: false });
  const [passkey, setPasskey] = useState(false);
  const { busy, problem, run } = useWork();
  const company = useCompanySignIn(phone.rest, "app");
  const cameBack = useObservable(signInError);
  const reason = REASONS[why];
  const email = () => (form.current ? textOf(form.current, "email").trim() : "");

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Read from the form: password managers fill fields without telling the page.
    const password = textOf(event.currentTarget, "password");
    setMissing({ email: email() === "", password: password === "" });
    if (email() === "" || password === "") return;
    signInError.set(null);
    setPasskey(false);
    void run(async () => {
      try {
        await phone.session.signIn(email(), password);
      } catch (error) {
        const step = error instanceof ProblemError ? stepOf(error) : null;
        if (!step) throw error;
        onStep(step);
      }
    });
  };
  const byPasskey = () => {
    signInError.set(null);
    setPasskey(true);
    void run(() => signInByPasskey(phone.rest, phone.session));
  };

  return (
    <form className={styles.form} ref={form} onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t("signin.title")}</h1>
      <p className={styles.intro}>{t("signin.intro")}</p>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {!problem && cameBack !== null && <Note kind="danger">{ssoWords(t, cameBack)}</Note>}
      {!problem && cameBack === null && reason !== undefined && (
        <Note kind="info">{t(reason)}</Note>
      )}
      <Field
        name="email"
        type="email"
        autoComplete="username webauthn"
        label={t("signin.email")}
        error={missing.email ? t("signin.missing.email") : undefined}
        onBlur={() => void company.look(email())}
        autoFocus
      />
      <PasswordField
        name="password"
        autoComplete="current-password"
        label={t("signin.password")}
        error={missing.password ? t("signin.missing.password") : undefined}
      />
      <Button look="primary" wide type="submit" isPending={busy && !passkey}>
        {busy && !passkey ? t("signin.working") : t("signin.submit")}
      </Button>
      {company.found && (
        <Button wide onPress={() => company.go(email())}>
          {t("signin.company", { name: company.found.name })}
        </Button>
      )}
      {passkeysSupported() && (
        <Button icon="key" wide isPending={busy && passkey} onPress={byPasskey}>
          {t("signin.passkey")}
        </Button>
      )}
      <Button look="quiet" onPress={() => onForgotten(email())}>
        {t("signin.forgotten")}
      </Button>
    </form>
  );
}
