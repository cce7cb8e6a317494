import type { Problem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Logo } from "@offhook/ui/Logo.tsx";
import type { ReactNode } from "react";
import { useApi } from "../../app/context.ts";
import { useProblemWords } from "../../app/words.ts";
import { type MessageId, useT } from "../../i18n/I18n.tsx";
import styles from "./SignIn.module.css";

export function Plain({ children }: { children: ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Logo />
        {children}
      </div>
    </main>
  );
}

export function Starting() {
  const t = useT();
  return (
    <Plain>
      <p role="status">{t("signIn.start")}</p>
    </Plain>
  );
}

export function Offline({ retry }: { retry: () => void }) {
  const t = useT();
  return (
    <Plain>
      <p role="alert">{t("signIn.offline")}</p>
      <Button onPress={retry}>{t("list.retry")}</Button>
    </Plain>
  );
}

/** A window that was opened for one thing, and has done it. */
export function Over({ words }: { words: MessageId }) {
  const t = useT();
  return (
    <Plain>
      <p role="status">{t(words)}</p>
    </Plain>
  );
}

/** Signed in, and something is to be done first: a second factor, where the company asks for one. */
export function Refused({ problem }: { problem: Problem }) {
  const words = useProblemWords();
  return (
    <Plain>
      <p role="alert">{words(problem)}</p>
      <Ways />
    </Plain>
  );
}

/** Signed in, and nothing to administer: where to go instead. */
export function NoAccess({ name }: { name: string }) {
  const t = useT();
  return (
    <Plain>
      <h1 className={styles.title}>{t("noAccess.title")}</h1>
      <p>{t("noAccess.text", { name })}</p>
      <Ways />
    </Plain>
  );
}

function Ways() {
  const t = useT();
  const api = useApi();
  return (
    <>
      <a href="/">{t("account.phone")}</a>
      <Button icon="signOut" onPress={() => void api.session.signOut().catch(() => undefined)}>
        {t("account.signOut")}
      </Button>
    </>
  );
}
