import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Card } from "../../ui/Page.tsx";
import { Said } from "../../ui/Said.tsx";
import { State, type Tone } from "../../ui/State.tsx";
import { useWork } from "../../ui/useWork.ts";
import { type TestCall, useTestCall } from "./connector.ts";
import styles from "./Sites.module.css";

const TONES: Record<string, Tone> = {
  waiting: "quiet",
  running: "warn",
  passed: "ok",
  failed: "danger",
  unproven: "warn",
  partly: "warn",
};

/** A real call through the phone system: signalling, and sound both ways. */
export function TestCallCard({ site }: { site: string }) {
  const t = useT();
  const api = useApi();
  const when = useWhen();
  const word = useWord();
  const { busy, problem, run } = useWork();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [running, setRunning] = useState<string | null>(null);
  const test = useTestCall(site, running);
  const before = useQuery({
    queryKey: ["test-calls", site, test.data?.state === "running"],
    queryFn: () => api.call("GET /admin/sites/{id}/test-calls", { path: { id: site } }),
  });
  const last = before.data?.items.find((one) => one.state !== "running");
  const shown = test.data ?? last;

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    await run(async () => {
      const body = { from_line: from.trim(), to: to.trim() };
      const made = await api.call("POST /admin/sites/{id}/test-calls", {
        path: { id: site },
        body,
      });
      setRunning(made.id);
    });
  };

  return (
    <Card title={t("test.title")}>
      <p>{t("test.intro")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <form onSubmit={(event) => void submit(event)} noValidate>
        <FormPair>
          <TextField label={t("test.from")} value={from} onChange={setFrom} inputMode="tel" />
          <TextField label={t("test.to")} value={to} onChange={setTo} inputMode="tel" />
        </FormPair>
        <FormActions>
          <Button
            look="primary"
            icon="phone"
            type="submit"
            isPending={busy || test.data?.state === "running"}
            isDisabled={from.trim() === "" || to.trim() === ""}
          >
            {t("test.go")}
          </Button>
        </FormActions>
      </form>
      {shown && (
        <>
          <p role="status">
            <State tone={TONES[shown.state] ?? "quiet"}>
              {t("test.result", {
                state: word("testState", shown.state),
                from: shown.from_line,
                to: shown.to,
                when: when(shown.started_at),
              })}
            </State>
          </p>
          <Steps steps={shown.steps} />
        </>
      )}
    </Card>
  );
}

function Steps({ steps }: { steps: TestCall["steps"] }) {
  const t = useT();
  const word = useWord();
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <li key={step.step} className={styles.step}>
          <span>{word("testStep", step.step)}</span>
          <State tone={TONES[step.state] ?? "quiet"}>
            {word("testState", step.state)}
            {step.after_ms !== null && ` ${t("test.after", { ms: step.after_ms })}`}
          </State>
          {step.detail !== "" && (
            <span className={styles.small}>
              <Said>{step.detail}</Said>
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
