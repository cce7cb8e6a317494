import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { mailedLink } from "./link.ts";
import { useNewPassword } from "./NewPassword.tsx";
import styles from "./SignIn.module.css";

/** By the link of the letter: a new password, and all old sessions end. */
export default function Reset({ token }: { token: string }) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const [done, setDone] = useState(false);
  const { busy, problem, details, run } = useWork();
  const min = details["min_length"];
  const { field, read } = useNewPassword(typeof min === "number" ? min : null);
  const over = problem?.code === "link_over" || token === "";

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = read(event.currentTarget);
    if (password === null) return;
    void run(async () => {
      await phone.rest.call("POST /auth/password-reset/finish", { body: { token, password } });
      setDone(true);
    });
  };
  const leave = (
    <Button look={done ? "primary" : "quiet"} wide onPress={() => mailedLink.set(null)}>
      {t(done ? "reset.toSignIn" : "signin.back")}
    </Button>
  );

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t("reset.title")}</h1>
      {problem && !over && <Note kind="danger">{words(problem)}</Note>}
      {over && <Note kind="danger">{t("problem.link_over")}</Note>}
      {done && <Note kind="ok">{t("reset.done")}</Note>}
      {!over && !done && (
        <>
          {field}
          <Button look="primary" wide type="submit" isPending={busy}>
            {t("reset.save")}
          </Button>
        </>
      )}
      {leave}
    </form>
  );
}
