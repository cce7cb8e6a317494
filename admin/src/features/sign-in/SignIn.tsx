import type { SessionState } from "@offhook/sdk/api";
import type { OpenStep } from "@offhook/ui/sign-in/openStep.ts";
import { useState } from "react";
import { LanguageField } from "../../app/LanguageField.tsx";
import { Forgotten } from "./Forgotten.tsx";
import { PasswordForm } from "./PasswordForm.tsx";
import { Plain } from "./Plain.tsx";
import { SecondStep } from "./SecondStep.tsx";

type Why = Extract<SessionState, { kind: "signed_out" }>["why"];

/** The same account and the same session as the phone's page. */
export function SignIn({ why }: { why: Why }) {
  const [step, setStep] = useState<OpenStep | null>(null);
  const [forgotten, setForgotten] = useState<string | null>(null);
  return (
    <Plain>
      {step !== null ? (
        <SecondStep step={step} onOver={() => setStep(null)} />
      ) : forgotten !== null ? (
        <Forgotten email={forgotten} onBack={() => setForgotten(null)} />
      ) : (
        <PasswordForm why={why} onStep={setStep} onForgotten={setForgotten} />
      )}
      <LanguageField quiet />
    </Plain>
  );
}
