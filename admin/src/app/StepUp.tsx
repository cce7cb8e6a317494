import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useT } from "../i18n/I18n.tsx";
import { SelectField, TextField } from "../ui/Fields.tsx";
import { FormActions } from "../ui/Form.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useWork } from "../ui/useWork.ts";
import type { StepUpRequest } from "./api.ts";
import { useApi, useObservable } from "./context.ts";

/** Some acts want to know once more that it is really you. */
export function StepUp() {
  const request = useObservable(useApi().stepUp);
  return request ? <Dialog request={request} /> : null;
}

const METHODS = ["password", "totp", "recovery_code"] as const;
type Method = (typeof METHODS)[number];

function Dialog({ request: { methods, done } }: { request: StepUpRequest }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const offered = METHODS.filter((method) => methods.includes(method));
  const [method, setMethod] = useState<Method>(offered[0] ?? "password");
  const [secret, setSecret] = useState("");

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const proof = method === "password" ? { password: secret } : { code: secret };
    if (await run(() => api.call("POST /auth/step-up", { body: { method, ...proof } }))) done(true);
  };

  return (
    <Sheet title={t("stepUp.title")} onClose={() => done(false)}>
      <form onSubmit={(event) => void submit(event)}>
        <p>{t("stepUp.why")}</p>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        {offered.length > 1 && (
          <SelectField
            label={t("stepUp.by")}
            value={method}
            options={offered.map((value) => ({ value, label: t(`factor.${value}`) }))}
            onChange={(value) => setMethod(METHODS.find((one) => one === value) ?? "password")}
          />
        )}
        <TextField
          label={t(`factor.${method}`)}
          type={method === "password" ? "password" : "text"}
          value={secret}
          onChange={setSecret}
          autoComplete={method === "password" ? "current-password" : "one-time-code"}
          autoFocus
        />
        <FormActions>
          <Button onPress={() => done(false)}>{t("common.cancel")}</Button>
          <Button look="primary" type="submit" isPending={busy}>
            {t("stepUp.go")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
