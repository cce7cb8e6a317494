import { ListState } from "@offhook/ui/ListState.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { BackToMe } from "../account/BackToMe.tsx";
import { EmailSection } from "./EmailSection.tsx";
import { PasskeySection } from "./PasskeySection.tsx";
import { PasswordSection } from "./PasswordSection.tsx";
import { SessionSection } from "./SessionSection.tsx";
import { StepUpDialog } from "./StepUpDialog.tsx";
import { TotpSection } from "./TotpSection.tsx";
import styles from "./Security.module.css";
import { useSecurity } from "./useSecurity.ts";

/** How one signs in here, and where one is signed in. */
export default function SecurityPage() {
  const t = useT();
  const security = useSecurity();
  const now = security.data;
  return (
    <section aria-labelledby="security-title">
      <ListTitle id="security-title" level={1} action={<BackToMe />}>
        {t("security.title")}
      </ListTitle>
      <div className={styles.body}>
        {!now && (
          <ListState
            status={security.isError ? "error" : "loading"}
            empty=""
            onRetry={() => void security.refetch()}
          />
        )}
        {now?.managed_elsewhere && (
          <Note kind="info" live={false}>
            {t("security.managed")}
          </Note>
        )}
        {now && !now.managed_elsewhere && (
          <>
            <PasswordSection password={now.password} />
            <EmailSection email={now.email} />
            {now.second_factor.policy !== "off" && <TotpSection now={now.second_factor} />}
            <PasskeySection />
          </>
        )}
        <SessionSection />
      </div>
      <StepUpDialog />
    </section>
  );
}
