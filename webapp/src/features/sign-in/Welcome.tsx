import { createPasskey, passkeysSupported } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useRef, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { toProblem } from "@offhook/sdk";
import { mailedLink } from "./link.ts";
import { useNewPassword } from "./NewPassword.tsx";
import styles from "./SignIn.module.css";
import { Terms } from "./Terms.tsx";

/** By the link of the invitation: terms, then a password or a passkey, and the phone is there. */
export default function Welcome({ token }: { token: string }) {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const invitation = useQuery({
    queryKey: ["invitation"],
    queryFn: () => phone.rest.call("POST /auth/invitation", { body: { token } }),
    retry: false,
  });
  const given = invitation.data;
  const form = useRef<HTMLFormElement>(null);
  const [agreed, setAgreed] = useState(false);
  const [unread, setUnread] = useState(false);
  const { busy, problem, run } = useWork();
  const { field, read } = useNewPassword(given?.password_min_length ?? null);

  const accept = (
    proof: () => Promise<{ password: string } | { passkey: Record<string, unknown> }>,
  ) => {
    const missing = given?.terms.required === true && !agreed;
    setUnread(missing);
    if (missing) return;
    void run(async () => {
      const shown = await proof();
      const terms = given?.terms.required === true ? { terms_version: given.terms.version } : {};
      await phone.session.signInBy(() =>
        phone.rest.call("POST /auth/invitation/accept", {
          body: { token, device: phone.session.device, ...terms, ...shown },
        }),
      );
      mailedLink.set(null);
    });
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = read(event.currentTarget);
    if (password !== null) accept(() => Promise.resolve({ password }));
  };
  const byPasskey = () =>
    accept(async () => {
      const { options } = await phone.rest.call("POST /auth/invitation/passkey", {
        body: { token },
      });
      return { passkey: await createPasskey(options) };
    });

  if (!given) {
    return (
      <div className={styles.form}>
        <h1 className={styles.title}>{t("welcome.title.plain")}</h1>
        {invitation.isError ? (
          <>
            <Note kind="danger">{words(toProblem(invitation.error))}</Note>
            {toProblem(invitation.error).code !== "link_over" && (
              <Button
                look="primary"
                wide
                isPending={invitation.isFetching}
                onPress={() => void invitation.refetch()}
              >
                {t("list.retry")}
              </Button>
            )}
            <Button wide onPress={() => mailedLink.set(null)}>
              {t("signin.back")}
            </Button>
          </>
        ) : (
          <p role="status">{t("list.loading")}</p>
        )}
      </div>
    );
  }
  return (
    <form className={styles.form} ref={form} onSubmit={submit} noValidate>
      <h1 className={styles.title}>{t("welcome.title", { name: given.name })}</h1>
      <p className={styles.intro}>
        {t("welcome.intro", { tenant: given.tenant.name, email: given.email })}
      </p>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {/* Password managers keep what is typed below for this name. */}
      <input type="hidden" name="username" autoComplete="username" value={given.email} />
      {given.terms.required && (
        <Terms url={given.terms.url} agreed={agreed} onChange={setAgreed} missing={unread} />
      )}
      {field}
      <Button look="primary" wide type="submit" isPending={busy}>
        {t("welcome.submit")}
      </Button>
      {passkeysSupported() && (
        <Button icon="key" wide isDisabled={busy} onPress={byPasskey}>
          {t("welcome.passkey")}
        </Button>
      )}
      {given.second_factor === "required" && (
        <p className={styles.hint}>{t("welcome.secondFactor")}</p>
      )}
    </form>
  );
}
