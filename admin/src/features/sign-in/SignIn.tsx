import { ProblemError, type SessionState, toProblem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useProblemWords } from "../../app/words.ts";
import { type MessageId, useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Plain } from "./Plain.tsx";
import { type OpenStep, SecondStep } from "./SecondStep.tsx";
import styles from "./SignIn.module.css";

type Why = Extract<SessionState, { kind: "signed_out" }>["why"];

const REASONS: Partial<Record<Why, MessageId>> = {
  ended: "signIn.ended",
  expired: "signIn.expired",
};

/** The same account and the same session as the phone's page. */
export function SignIn({ why }: { why: Why }) {
  const [step, setStep] = useState<OpenStep | null>(null);
  return (
    <Plain>
      {step === null ? (
        <Password why={why} onStep={setStep} />
      ) : (
        <SecondStep step={step} onOver={() => setStep(null)} />
      )}
    </Plain>
  );
}

/** The password was right, and one more step is asked for. */
function stepOf({ details }: ProblemError): OpenStep | null {
  const { step_token: token, methods } = details;
  if (typeof token !== "string") return null;
  return { token, methods: Array.isArray(methods) ? methods.map(String) : [] };
}

function Password({ why, onStep }: { why: Why; onStep: (step: OpenStep) => void }) {
  const t = useT();
  const api = useApi();
  const words = useProblemWords();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const reason = REASONS[why];

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setMissing(email.trim() === "" || password === "");
    if (email.trim() === "" || password === "" || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await api.session.signIn(email.trim(), password);
    } catch (error) {
      const step = error instanceof ProblemError ? stepOf(error) : null;
      if (step !== null) onStep(step);
      else {
        setProblem(words(toProblem(error)));
        setBusy(false);
      }
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <h1 className={styles.title}>{t("signIn.title")}</h1>
      <p>{t("signIn.intro")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {problem === null && reason !== undefined && <Note kind="info">{t(reason)}</Note>}
      <TextField
        label={t("signIn.email")}
        type="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        error={missing && email.trim() === "" ? t("form.missing") : undefined}
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
      <FormActions>
        <Button look="primary" wide type="submit" isPending={busy}>
          {t("signIn.go")}
        </Button>
      </FormActions>
      {/* Forgotten passwords, passkeys and the company's own sign-in live on the phone's page. */}
      <a href="/">{t("signIn.otherWays")}</a>
    </form>
  );
}
