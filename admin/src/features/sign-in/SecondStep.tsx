import { ProblemError, toProblem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import styles from "./SignIn.module.css";

interface Props {
  stepToken: string;
  /** The time for it is over, or the user wants to begin anew. */
  onOver: () => void;
}

export function SecondStep({ stepToken, onOver }: Props) {
  const t = useT();
  const api = useApi();
  const words = useProblemWords();
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const method = recovery ? "recovery_code" : "totp";

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (code.trim() === "" || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const body = { step_token: stepToken, method, code: code.trim() } as const;
      api.session.adopt(await api.call("POST /auth/second-step", { body }));
    } catch (error) {
      if (error instanceof ProblemError && error.code === "step_over") onOver();
      setProblem(words(toProblem(error)));
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <h1 className={styles.title}>{t("signIn.second")}</h1>
      <p>{t(recovery ? "signIn.second.recovery" : "signIn.second.totp")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <TextField
        key={method}
        label={t(`factor.${method}`)}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        {...(recovery ? {} : { inputMode: "numeric" })}
        autoFocus
      />
      <FormActions>
        <Button look="quiet" onPress={onOver}>
          {t("common.back")}
        </Button>
        <Button look="quiet" onPress={() => setRecovery(!recovery)}>
          {t(recovery ? "signIn.useTotp" : "signIn.useRecovery")}
        </Button>
        <Button look="primary" wide type="submit" isPending={busy}>
          {t("signIn.go")}
        </Button>
      </FormActions>
    </form>
  );
}
