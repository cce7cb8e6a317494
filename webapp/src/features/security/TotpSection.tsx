import { Button } from "@offhook/ui/Button.tsx";
import ConfirmDialog from "@offhook/ui/ConfirmDialog.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CodeField, textOf } from "../sign-in/Field.tsx";
import { RecoveryCodes } from "./RecoveryCodes.tsx";
import { Section } from "./Section.tsx";
import styles from "./Security.module.css";
import { fresh } from "./stepUp.ts";
import { useReadAgain } from "./useSecurity.ts";

interface Props {
  now: { totp: boolean; recovery_codes_left: number };
}

interface SetUp {
  secret: string;
  qr_svg: string;
}

/** An app that shows six digits, and codes on paper for the day it is gone. */
export function TotpSection({ now }: Props) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const readAgain = useReadAgain();
  const readSessions = useReadAgain(["sessions"]);
  const [removing, setRemoving] = useState(false);
  const [setUp, setSetUp] = useState<SetUp | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { busy, problem, run } = useWork();
  const empty = { body: {} };

  const begin = () =>
    void run(async () => {
      setSetUp(await fresh(() => phone.rest.call("POST /me/totp", empty, phone.session)));
    });
  const confirm = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = textOf(event.currentTarget, "code").trim();
    if (code === "") return;
    void run(async () => {
      const made = await phone.rest.call(
        "POST /me/totp/confirm",
        { body: { code } },
        phone.session,
      );
      setSetUp(null);
      setCodes(made.recovery_codes);
      readSessions();
    });
  };
  const again = () =>
    void run(async () => {
      const made = await fresh(() =>
        phone.rest.call("POST /me/recovery-codes", empty, phone.session),
      );
      setCodes(made.recovery_codes);
    });
  const remove = async () => {
    await fresh(() => phone.rest.call("DELETE /me/totp", {}, phone.session));
    readAgain();
  };

  if (codes) {
    return (
      <Section title={t("totp.title")} step="codes">
        <RecoveryCodes
          codes={codes}
          onDone={() => {
            setCodes(null);
            readAgain();
          }}
        />
      </Section>
    );
  }
  return (
    <Section title={t("totp.title")} step={setUp ? "set up" : now.totp ? "on" : "off"}>
      <p className={styles.hint}>{t(now.totp ? "totp.on" : "totp.off")}</p>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {now.totp && now.recovery_codes_left < 3 && (
        <Note kind="warn" live={false}>
          {t("totp.codesLeft", { count: now.recovery_codes_left })}
        </Note>
      )}
      {setUp ? (
        <form className={styles.form} onSubmit={confirm} noValidate>
          <p>
            {t("totp.scan")} {t("security.endsOthers")}
          </p>
          <img
            className={styles.qr}
            src={`data:image/svg+xml,${encodeURIComponent(setUp.qr_svg)}`}
            alt={t("totp.qr")}
          />
          <p className={styles.hint}>{t("totp.secret")}</p>
          <code className={styles.code}>{setUp.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
          <CodeField name="code" label={t("step.totp")} autoFocus />
          <div className={styles.buttons}>
            <Button look="primary" type="submit" isPending={busy}>
              {t("totp.confirm")}
            </Button>
            <Button onPress={() => setSetUp(null)}>{t("security.cancel")}</Button>
          </div>
        </form>
      ) : (
        <div className={styles.buttons}>
          {!now.totp && (
            <Button icon="key" isPending={busy} onPress={begin}>
              {t("totp.begin")}
            </Button>
          )}
          {now.totp && <Button onPress={again}>{t("totp.newCodes")}</Button>}
          {now.totp && (
            <Button look="quiet" onPress={() => setRemoving(true)}>
              {t("totp.remove")}
            </Button>
          )}
        </div>
      )}
      {removing && (
        <ConfirmDialog
          title={t("totp.remove.title")}
          text={t("totp.remove.text")}
          confirm={t("totp.remove")}
          cancel={t("security.cancel")}
          words={words}
          work={remove}
          onClose={() => setRemoving(false)}
        />
      )}
    </Section>
  );
}
