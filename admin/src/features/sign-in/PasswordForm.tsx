import { passkeysSupported, ProblemError } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type OpenStep, stepOf } from "@offhook/ui/sign-in/openStep.ts";
import { signInByPasskey } from "@offhook/ui/sign-in/passkey.ts";
import { useCompanySignIn } from "@offhook/ui/sign-in/useCompanySignIn.ts";
import { type SubmitEvent, useState } from "react";
import { useApi, useObservable } from "../../app/context.ts";
import { keepPlace, signInError } from "../../app/place.ts";
import { signInWords } from "../../app/words.ts";
import { type MessageId, useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { useWork } from "../../ui/useWork.ts";
import styles from "./SignIn.module.css";

const REASONS: Record<string, MessageId> = { ended: "signIn.ended", expired: "signIn.expired" };

interface Props {
  why: string;
  onStep: (step: OpenStep) => void;
  onForgotten: (email: string) => void;
}

export function PasswordForm({ why, onStep, onForgotten }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState(false);
  const company = useCompanySignIn(api.rest, "admin");
  const cameBack = useObservable(signInError);
  const reason = REASONS[why];
  const address = email.trim();

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setMissing(address === "" || password === "");
    if (address === "" || password === "") return;
    signInError.set(null);
    void run(async () => {
      try {
        await api.session.signIn(address, password);
      } catch (error) {
        const step = error instanceof ProblemError ? stepOf(error) : null;
        if (step === null) throw error;
        onStep(step);
      }
    });
  };
  const byPasskey = () => {
    signInError.set(null);
    void run(() => signInByPasskey(api.rest, api.session));
  };
  const byCompany = () => {
    keepPlace();
    company.go(address);
  };

  return (
    <form onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t("signIn.title")}</h1>
      <p>{t("signIn.intro")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {problem === null && cameBack !== null && (
        <Note kind="danger">{signInWords(t, cameBack)}</Note>
      )}
      {problem === null && cameBack === null && reason !== undefined && (
        <Note kind="info">{t(reason)}</Note>
      )}
      <TextField
        label={t("signIn.email")}
        type="email"
        autoComplete="username webauthn"
        value={email}
        onChange={setEmail}
        onBlur={() => void company.look(address)}
        error={missing && address === "" ? t("form.missing") : undefined}
        autoFocus
      />
      <TextField
        label={t("signIn.password")}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={missing && password === "" ? t("form.missing") : undefined}
      />
      <Button look="primary" wide type="submit" isPending={busy}>
        {t("signIn.go")}
      </Button>
      {company.found && (
        <Button wide onPress={byCompany}>
          {t("signIn.company", { name: company.found.name })}
        </Button>
      )}
      {passkeysSupported() && (
        <Button icon="key" wide isDisabled={busy} onPress={byPasskey}>
          {t("signIn.passkey")}
        </Button>
      )}
      <Button look="quiet" onPress={() => onForgotten(address)}>
        {t("signIn.forgotten")}
      </Button>
    </form>
  );
}
