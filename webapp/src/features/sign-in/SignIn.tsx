import type { SessionState } from "@offhook/sdk";
import { LanguagePicker } from "./LanguagePicker.tsx";
import { Logo } from "@offhook/ui/Logo.tsx";
import { lazy, Suspense, useEffect, useState } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { mailedLink } from "./link.ts";
import { PasswordForm } from "./PasswordForm.tsx";
import type { OpenStep } from "@offhook/ui/sign-in/openStep.ts";
import styles from "./SignIn.module.css";

const SecondStep = lazy(() => import("./SecondStep.tsx"));
const Forgotten = lazy(() => import("./Forgotten.tsx"));
const Reset = lazy(() => import("./Reset.tsx"));
const Welcome = lazy(() => import("./Welcome.tsx"));

const RETRY_MS = 3_000;

export function SignIn({ session }: { session: SessionState }) {
  const link = useObservable(mailedLink);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Logo />
        <Suspense fallback={<Starting />}>
          {link?.kind === "welcome" && <Welcome token={link.token} />}
          {link?.kind === "reset" && <Reset token={link.token} />}
          {link === null &&
            (session.kind === "signed_out" ? <Ways why={session.why} /> : <Starting retry />)}
        </Suspense>
        <LanguagePicker />
      </div>
    </main>
  );
}

/** Looking for a session. Being offline is not being signed out: we keep trying. */
function Starting({ retry = false }: { retry?: boolean }) {
  const t = useT();
  const phone = usePhone();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!retry) return;
    const timer = setInterval(() => {
      phone.session.resume().catch(() => setFailed(true));
    }, RETRY_MS);
    return () => clearInterval(timer);
  }, [phone, retry]);
  return <p role="status">{failed ? t("signin.offline") : t("signin.start")}</p>;
}

function Ways({ why }: { why: string }) {
  const [step, setStep] = useState<OpenStep | null>(null);
  const [forgotten, setForgotten] = useState<string | null>(null);
  if (step) return <SecondStep step={step} onBack={() => setStep(null)} />;
  if (forgotten !== null) {
    return <Forgotten email={forgotten} onBack={() => setForgotten(null)} />;
  }
  return <PasswordForm why={why} onStep={setStep} onForgotten={setForgotten} />;
}
