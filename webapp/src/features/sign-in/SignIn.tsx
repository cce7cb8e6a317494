import { type SessionState, toProblem } from "@offhook/sdk";
import { type SubmitEvent, useEffect, useState } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { TextField } from "react-aria-components/TextField";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { type MessageId, useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Logo } from "@offhook/ui/Logo.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import styles from "./SignIn.module.css";

const RETRY_MS = 3_000;

export function SignIn({ session }: { session: SessionState }) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Logo />
        {session.kind === "signed_out" ? <Form why={session.why} /> : <Starting />}
      </div>
    </main>
  );
}

/** Looking for a session. Being offline is not being signed out: we keep trying. */
function Starting() {
  const t = useT();
  const phone = usePhone();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => {
      phone.session.resume().catch(() => setFailed(true));
    }, RETRY_MS);
    return () => clearInterval(timer);
  }, [phone]);
  return <p role="status">{failed ? t("signin.offline") : t("signin.start")}</p>;
}

const REASONS: Record<string, MessageId> = { ended: "signin.ended", expired: "signin.expired" };

function Form({ why }: { why: string }) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const [missing, setMissing] = useState({ email: false, password: false });
  const [shown, setShown] = useState(false);
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const reason = REASONS[why];

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Read from the form: password managers fill fields without telling the page.
    const data = new FormData(event.currentTarget);
    const email = text(data, "email").trim();
    const password = text(data, "password");
    setMissing({ email: email === "", password: password === "" });
    if (email === "" || password === "" || working) return;
    setWorking(true);
    setProblem(null);
    phone.session
      .signIn(email, password)
      .catch((error: unknown) => setProblem(words(toProblem(error))))
      .finally(() => setWorking(false));
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t("signin.title")}</h1>
      <p className={styles.intro}>{t("signin.intro")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {problem === null && reason !== undefined && <Note kind="info">{t(reason)}</Note>}
      <TextField
        className={styles.field ?? ""}
        name="email"
        type="email"
        autoComplete="username"
        isInvalid={missing.email}
        autoFocus
      >
        <Label>{t("signin.email")}</Label>
        <Input className={styles.input ?? ""} />
        <FieldError className={styles.error ?? ""}>{t("signin.missing.email")}</FieldError>
      </TextField>
      <TextField
        className={styles.field ?? ""}
        name="password"
        type={shown ? "text" : "password"}
        autoComplete="current-password"
        isInvalid={missing.password}
      >
        <Label>{t("signin.password")}</Label>
        <Input className={styles.input ?? ""} />
        <FieldError className={styles.error ?? ""}>{t("signin.missing.password")}</FieldError>
      </TextField>
      <div className={styles.actions}>
        <Button look="quiet" onPress={() => setShown(!shown)}>
          {t(shown ? "signin.hide" : "signin.show")}
        </Button>
        <Button look="primary" wide type="submit" isPending={working}>
          {working ? t("signin.working") : t("signin.submit")}
        </Button>
      </div>
    </form>
  );
}

function text(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}
