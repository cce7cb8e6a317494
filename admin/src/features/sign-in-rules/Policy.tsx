import type { Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { ChoiceField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Card } from "../../ui/Page.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { numberOf, useNumbers } from "../../ui/useNumbers.ts";
import { useWork } from "../../ui/useWork.ts";

type Rules = Reply<"GET /admin/sign-in">;

const FACTORS = ["off", "optional", "required"] as const;

export function Policy() {
  const t = useT();
  const api = useApi();
  const rules = useQuery({
    queryKey: ["sign-in"],
    refetchOnWindowFocus: false,
    queryFn: () => api.call("GET /admin/sign-in"),
  });
  return (
    <Card title={t("rules.policy")}>
      <Loaded query={rules}>
        {(data) => (
          <PolicyForm key={data.version} rules={data} onSaved={() => void rules.refetch()} />
        )}
      </Loaded>
    </Card>
  );
}

function PolicyForm({ rules, onSaved }: { rules: Rules; onSaved: () => void }) {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: rules,
    draftOf: (one) => ({
      factor: one.second_factor,
      length: String(one.password_min_length),
      days: String(one.session_days ?? ""),
    }),
    again: () => api.call("GET /admin/sign-in"),
  });
  const { factor, length, days } = edit.draft;

  const numbers = useNumbers({ length, days });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!numbers.fine()) return;
    const body = {
      second_factor: factor,
      password_min_length: Number(length),
      session_days: numberOf(days),
    };
    await run(() =>
      edit.save(async ({ version }) => {
        await api.call("PUT /admin/sign-in", { body, ifMatch: version });
        tell(t("common.saved"));
        onSaved();
      }),
    );
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <Conflict
        edit={edit}
        labels={{ factor: t("rules.second"), length: t("rules.length"), days: t("rules.days") }}
        show={(name, value) => (name === "factor" ? word("rules.second", value) : value)}
      />
      <ChoiceField
        label={t("rules.second")}
        value={factor}
        options={FACTORS.map((value) => ({
          value,
          label: t(`rules.second.${value}`),
          ...(value === "required" ? { note: t("rules.second.required.note") } : {}),
        }))}
        onChange={(next) => edit.set("factor", FACTORS.find((one) => one === next) ?? "optional")}
      />
      <FormPair>
        <TextField
          label={t("rules.length")}
          hint={t("rules.length.hint")}
          inputMode="numeric"
          value={length}
          onChange={(next) => edit.set("length", next)}
          error={numbers.error("length")}
        />
        <TextField
          label={t("rules.days")}
          hint={t("rules.days.hint")}
          inputMode="numeric"
          value={days}
          onChange={(next) => edit.set("days", next)}
          error={numbers.error("days")}
        />
      </FormPair>
      <FormActions>
        <Button look="primary" type="submit" isPending={busy}>
          {t("common.save")}
        </Button>
      </FormActions>
    </form>
  );
}
