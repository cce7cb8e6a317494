import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Logo } from "@offhook/ui/Logo.tsx";
import { useEffect } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import signIn from "../sign-in/SignIn.module.css";
import { PasskeySection } from "./PasskeySection.tsx";
import { StepUpDialog } from "./StepUpDialog.tsx";
import { TotpSection } from "./TotpSection.tsx";
import { useSecurity } from "./useSecurity.ts";

/** The company wants a second factor and there is none yet: nothing else until it is there. */
export default function SetUpPage() {
  const t = useT();
  const phone = usePhone();
  const security = useSecurity();
  const now = security.data;
  const ready = now !== undefined && (now.second_factor.totp || now.second_factor.passkeys > 0);

  useEffect(() => {
    if (ready) phone.connectNow();
  }, [phone, ready]);

  return (
    <main className={signIn.page}>
      <div className={signIn.card}>
        <Logo />
        <h1 className={signIn.title}>{t("setup.title")}</h1>
        <p className={signIn.intro}>{t("setup.why")}</p>
        {now ? (
          <>
            <TotpSection now={now.second_factor} />
            <PasskeySection />
          </>
        ) : (
          <ListState
            status={security.isError ? "error" : "loading"}
            empty=""
            onRetry={() => void security.refetch()}
          />
        )}
        <Button icon="signOut" onPress={() => void phone.signOut().catch(() => undefined)}>
          {t("account.signOut")}
        </Button>
        <StepUpDialog />
      </div>
    </main>
  );
}
