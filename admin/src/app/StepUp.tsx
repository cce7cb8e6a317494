import { companySignInUrl, passkeysSupported, usePasskey as provePasskey } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useEffect, useState } from "react";
import { useT } from "../i18n/I18n.tsx";
import { SelectField, TextField } from "../ui/Fields.tsx";
import { FormActions } from "../ui/Form.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useWork } from "../ui/useWork.ts";
import type { StepUpRequest } from "./api.ts";
import { useApi, useMe, useObservable } from "./context.ts";
import { keepPlace } from "./place.ts";
import { awaitBack, openProof } from "./proof.ts";
import { goTo } from "./route.ts";
import { signInWords } from "./words.ts";

/** Some acts want to know once more that it is really you. */
export function StepUp() {
  const request = useObservable(useApi().stepUp);
  return request ? <Dialog request={request} /> : null;
}

const METHODS = ["password", "totp", "recovery_code"] as const;
type Method = (typeof METHODS)[number];

function Dialog({ request: { methods, signOn, done } }: { request: StepUpRequest }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const offered = METHODS.filter((method) => methods.includes(method));
  const byPasskey = methods.includes("passkey") && passkeysSupported();
  const nothing = offered.length === 0 && !byPasskey;
  const [method, setMethod] = useState<Method | undefined>(offered[0]);
  const [secret, setSecret] = useState("");
  const { user } = useMe();
  const [elsewhere, setElsewhere] = useState<{ mark: string } | { refused: string } | null>(null);
  const mark = elsewhere && "mark" in elsewhere ? elsewhere.mark : null;

  useEffect(() => {
    if (mark === null) return;
    return awaitBack(mark, (error) => {
      setElsewhere(error === null ? null : { refused: error });
      if (error === null) void run(() => api.session.follow(user.id).then(done));
    });
  }, [mark, api, user.id, run, done]);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (method === undefined) return;
    const proof = method === "password" ? { password: secret } : { code: secret };
    if (await run(() => api.call("POST /auth/step-up", { body: { method, ...proof } }))) done(true);
  };

  const byKey = async () => {
    const proven = await run(async () => {
      const { options } = await api.call("POST /auth/passkey/begin", { body: {} });
      const body = { method: "passkey", credential: await provePasskey(options) } as const;
      await api.call("POST /auth/step-up", { body });
    });
    if (proven) done(true);
  };

  const signInAgain = () => {
    // A provider that remembers this browser would only repeat its old answer.
    const url = signOn === undefined ? null : companySignInUrl(signOn, "admin", "", true);
    const opened = url === null ? null : openProof(url);
    if (opened !== null) {
      setElsewhere({ mark: opened });
      return;
    }
    const place = location.hash;
    if (url !== null) keepPlace();
    done(false);
    const out = api.session.signOut().catch(() => undefined);
    if (url === null) goTo(place);
    else void out.then(() => location.assign(url));
  };

  return (
    <Sheet title={t("stepUp.title")} asks={false} onClose={() => done(false)}>
      <form onSubmit={(event) => void submit(event)}>
        <p>
          {t(!nothing ? "stepUp.why" : signOn === undefined ? "stepUp.again" : "stepUp.company")}
        </p>
        {mark !== null && <Note kind="info">{t("stepUp.company.waiting")}</Note>}
        {elsewhere && "refused" in elsewhere && (
          <Note kind="danger">{signInWords(t, elsewhere.refused)}</Note>
        )}
        {problem !== null && <Note kind="danger">{problem}</Note>}
        {method !== undefined && offered.length > 1 && (
          <SelectField
            label={t("stepUp.by")}
            value={method}
            options={offered.map((value) => ({ value, label: t(`factor.${value}`) }))}
            onChange={(value) => setMethod(METHODS.find((one) => one === value) ?? "password")}
          />
        )}
        {method !== undefined && (
          <TextField
            label={t(`factor.${method}`)}
            type={method === "password" ? "password" : "text"}
            value={secret}
            onChange={setSecret}
            autoComplete={method === "password" ? "current-password" : "one-time-code"}
            autoFocus
          />
        )}
        {byPasskey && (
          <Button icon="key" wide onPress={() => void byKey()}>
            {t("signIn.passkey")}
          </Button>
        )}
        <FormActions>
          <Button onPress={() => done(false)}>{t("common.cancel")}</Button>
          {nothing && (
            <Button look="primary" isPending={busy} onPress={signInAgain}>
              {t("stepUp.signInAgain")}
            </Button>
          )}
          {method !== undefined && (
            <Button look="primary" type="submit" isPending={busy}>
              {t("stepUp.go")}
            </Button>
          )}
        </FormActions>
      </form>
    </Sheet>
  );
}
