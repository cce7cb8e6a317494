import { passkeysSupported, ProblemError, toProblem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import type { OpenStep } from "@offhook/ui/sign-in/openStep.ts";
import { signInByPasskey } from "@offhook/ui/sign-in/passkey.ts";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import styles from "./SignIn.module.css";

interface Props {
  step: OpenStep;
  /** The time for it is over, or the user wants to begin anew. */
  onOver: () => void;
}

export function SecondStep({ step, onOver }: Props) {
  const t = useT();
  const api = useApi();
  const words = useProblemWords();
  const offered = (["totp", "recovery_code"] as const).filter((one) => step.methods.includes(one));
  const byPasskey = step.methods.includes("passkey") && passkeysSupported();
  const [method, setMethod] = useState(offered[0]);
  const other = offered.find((one) => one !== method);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const signIn = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      if (error instanceof ProblemError && error.code === "step_over") onOver();
      setProblem(words(toProblem(error)));
      setBusy(false);
    }
  };

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (code.trim() === "" || method === undefined) return;
    const body = { step_token: step.token, method, code: code.trim() };
    await signIn(() =>
      api.session.signInBy(() => api.rest.call("POST /auth/second-step", { body })),
    );
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <h1 className={styles.title}>{t("signIn.second")}</h1>
      {method !== undefined && (
        <p>{t(method === "totp" ? "signIn.second.totp" : "signIn.second.recovery")}</p>
      )}
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {method !== undefined && (
        <TextField
          key={method}
          label={t(`factor.${method}`)}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          {...(method === "totp" ? { inputMode: "numeric" } : {})}
          autoFocus
        />
      )}
      {byPasskey && (
        <Button
          icon="key"
          wide
          onPress={() => void signIn(() => signInByPasskey(api.rest, api.session))}
        >
          {t("signIn.passkey")}
        </Button>
      )}
      {method === undefined && !byPasskey && <p>{t("signIn.noWay")}</p>}
      <FormActions>
        <Button look="quiet" onPress={onOver}>
          {t("common.back")}
        </Button>
        {other !== undefined && (
          <Button look="quiet" onPress={() => setMethod(other)}>
            {t(other === "totp" ? "signIn.useTotp" : "signIn.useRecovery")}
          </Button>
        )}
        {method !== undefined && (
          <Button look="primary" wide type="submit" isPending={busy}>
            {t("signIn.go")}
          </Button>
        )}
      </FormActions>
    </form>
  );
}
