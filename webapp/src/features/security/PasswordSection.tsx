import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useIntl } from "react-intl";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { PasswordField, textOf } from "../sign-in/Field.tsx";
import { useNewPassword } from "../sign-in/NewPassword.tsx";
import { Section } from "./Section.tsx";
import styles from "./Security.module.css";
import { fresh } from "./stepUp.ts";
import { useReadAgain } from "./useSecurity.ts";

interface Props {
  password: { set: boolean; changed_at: string | null; min_length: number };
}

export function PasswordSection({ password }: Props) {
  const t = useT();
  const intl = useIntl();
  const words = useProblemWords();
  const phone = usePhone();
  const readAgain = useReadAgain();
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  const { busy, problem, run, forget } = useWork();
  const { field, read } = useNewPassword(password.min_length);

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const new_password = read(form);
    if (new_password === null) return;
    const old_password = password.set ? textOf(form, "old_password") : null;
    void run(async () => {
      await fresh(() =>
        phone.rest.call(
          "PUT /me/password",
          { body: { old_password, new_password } },
          phone.session,
        ),
      );
      setOpen(false);
      setDone(true);
      readAgain();
    });
  };

  return (
    <Section title={t("signin.password")} step={open ? "open" : "closed"}>
      <p className={styles.hint}>
        {password.set && password.changed_at !== null
          ? t("password.changed", {
              date: intl.formatDate(password.changed_at, { dateStyle: "long" }),
            })
          : t(password.set ? "password.set" : "password.none")}
      </p>
      {done && <Note kind="ok">{t("password.done")}</Note>}
      {open ? (
        <form className={styles.form} onSubmit={submit} noValidate>
          {problem && <Note kind="danger">{words(problem)}</Note>}
          {password.set && (
            <PasswordField
              name="old_password"
              autoComplete="current-password"
              label={t("password.old")}
              autoFocus
            />
          )}
          {field}
          <div className={styles.buttons}>
            <Button look="primary" type="submit" isPending={busy}>
              {t("reset.save")}
            </Button>
            <Button
              onPress={() => {
                forget();
                setOpen(false);
              }}
            >
              {t("security.cancel")}
            </Button>
          </div>
        </form>
      ) : (
        <div className={styles.buttons}>
          <Button
            onPress={() => {
              setDone(false);
              setOpen(true);
            }}
          >
            {t(password.set ? "password.change" : "password.make")}
          </Button>
        </div>
      )}
    </Section>
  );
}
