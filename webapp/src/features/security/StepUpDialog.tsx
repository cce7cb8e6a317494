import { companySignInUrl, passkeysSupported, usePasskey as provePasskey } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CodeField, Field, PasswordField, textOf } from "../sign-in/Field.tsx";
import styles from "./Security.module.css";
import { answer, type StepUp, stepUp } from "./stepUp.ts";

/** Asked before what a stranger at an unlocked screen must not do. */
export function StepUpDialog() {
  const open = useObservable(stepUp);
  return open && <Ask key={open.methods.join()} open={open} />;
}

type Method = "password" | "totp" | "recovery_code";

function Ask({ open }: { open: StepUp }) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const { busy, problem, run } = useWork();
  const typed = (["password", "totp", "recovery_code"] as const).filter((one) =>
    open.methods.includes(one),
  );
  const [method, setMethod] = useState<Method | undefined>(typed[0]);

  const prove = (body: Parameters<typeof stepUpBy>[1]) =>
    void run(async () => {
      await stepUpBy(phone, body);
      answer(true);
    });
  const close = () => answer(false);
  const signInAgain = () => {
    const { signOn } = open;
    const out = phone.signOut().catch(() => undefined);
    // A provider that remembers this browser would only repeat its old answer.
    if (signOn !== undefined)
      void out.then(() => location.assign(companySignInUrl(signOn, "app", "", true)));
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const proof = textOf(event.currentTarget, "proof");
    if (proof === "" || method === undefined) return;
    prove(method === "password" ? { method, password: proof } : { method, code: proof.trim() });
  };
  const byPasskey = () =>
    void run(async () => {
      const { options } = await phone.rest.call("POST /auth/passkey/begin", { body: {} });
      const credential = await provePasskey(options);
      await stepUpBy(phone, { method: "passkey", credential });
      answer(true);
    });

  return (
    <ModalOverlay
      className={styles.overlay ?? ""}
      isOpen
      isDismissable
      onOpenChange={(stays) => {
        if (!stays) close();
      }}
    >
      <Modal className={styles.modal ?? ""}>
        <Dialog className={styles.dialog ?? ""} aria-label={t("stepup.title")}>
          <form className={styles.form} onSubmit={submit} noValidate>
            <h2 className={styles.title}>{t("stepup.title")}</h2>
            <p className={styles.hint}>
              {t(open.methods.length === 0 ? "stepup.again" : "stepup.why")}
            </p>
            {problem && <Note kind="danger">{words(problem)}</Note>}
            {method === "password" && (
              <PasswordField
                key={method}
                name="proof"
                autoComplete="current-password"
                label={t("signin.password")}
                autoFocus
              />
            )}
            {method === "totp" && (
              <CodeField key={method} name="proof" label={t("step.totp")} autoFocus />
            )}
            {method === "recovery_code" && (
              <Field
                key={method}
                name="proof"
                autoComplete="off"
                label={t("step.recovery_code")}
                autoFocus
              />
            )}
            {typed
              .filter((one) => one !== method)
              .map((one) => (
                <Button key={one} look="quiet" onPress={() => setMethod(one)}>
                  {t(`step.use.${one}`)}
                </Button>
              ))}
            {open.methods.includes("passkey") && passkeysSupported() && (
              <Button icon="key" wide onPress={byPasskey}>
                {t("signin.passkey")}
              </Button>
            )}
            <div className={styles.buttons}>
              <Button onPress={close}>{t("security.cancel")}</Button>
              {open.methods.length === 0 && (
                <Button look="primary" onPress={signInAgain}>
                  {t("account.signOut")}
                </Button>
              )}
              {method !== undefined && (
                <Button look="primary" type="submit" isPending={busy}>
                  {t("stepup.submit")}
                </Button>
              )}
            </div>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

type Proof =
  | { method: "password"; password: string }
  | { method: "totp" | "recovery_code"; code: string }
  | { method: "passkey"; credential: Record<string, unknown> };

async function stepUpBy(phone: ReturnType<typeof usePhone>, body: Proof): Promise<void> {
  await phone.rest.call("POST /auth/step-up", { body }, phone.session);
}
