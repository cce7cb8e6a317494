import { passkeysSupported } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CodeField, Field, textOf } from "./Field.tsx";
import type { OpenStep } from "@offhook/ui/sign-in/openStep.ts";
import { signInByPasskey } from "@offhook/ui/sign-in/passkey.ts";
import styles from "./SignIn.module.css";

export default function SecondStep({ step, onBack }: { step: OpenStep; onBack: () => void }) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const { busy, problem, details, run } = useWork();
  const offered = (["totp", "recovery_code"] as const).filter((one) => step.methods.includes(one));
  const [method, setMethod] = useState(offered[0]);
  const other = offered.find((one) => one !== method);
  const over = problem?.code === "step_over";
  const left = details["attempts_left"];

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = textOf(event.currentTarget, "code").trim();
    if (code === "" || method === undefined) return;
    void run(() =>
      phone.session.signInBy(() =>
        phone.rest.call("POST /auth/second-step", {
          body: { step_token: step.token, method, code },
        }),
      ),
    );
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t("step.title")}</h1>
      {problem && (
        <Note kind="danger">
          {words(problem)}
          {typeof left === "number" && ` ${t("step.left", { count: left })}`}
        </Note>
      )}
      {method !== undefined && !over && (
        <>
          {method === "totp" ? (
            <CodeField
              key="totp"
              name="code"
              label={t("step.totp")}
              hint={t("step.totp.hint")}
              autoFocus
            />
          ) : (
            <Field
              key="recovery"
              name="code"
              autoComplete="off"
              label={t("step.recovery_code")}
              hint={t("step.recovery_code.hint")}
              autoFocus
            />
          )}
          <Button look="primary" wide type="submit" isPending={busy}>
            {t("step.submit")}
          </Button>
        </>
      )}
      {step.methods.includes("passkey") && passkeysSupported() && !over && (
        <Button
          icon="key"
          wide
          onPress={() => void run(() => signInByPasskey(phone.rest, phone.session))}
        >
          {t("signin.passkey")}
        </Button>
      )}
      {other !== undefined && !over && (
        <Button look="quiet" onPress={() => setMethod(other)}>
          {t(other === "totp" ? "step.use.totp" : "step.use.recovery_code")}
        </Button>
      )}
      <Button look="quiet" icon="back" onPress={onBack}>
        {t("signin.back")}
      </Button>
    </form>
  );
}
