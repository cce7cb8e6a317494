import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { numberOf, useNumbers } from "../../ui/useNumbers.ts";
import { useWork } from "../../ui/useWork.ts";
import type { Tenant } from "./Tenants.tsx";

const QUOTAS = [
  "calls",
  "sockets",
  "requests_per_minute",
  "requests_per_minute_each",
  "storage_mb",
  "webhooks",
] as const;

/** How much a company may use; an empty field means as much as the platform's rule says. */
export function QuotaSheet({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const given: Readonly<Record<string, number | null>> = { ...tenant.quotas };
  const [licences, setLicences] = useState(String(tenant.licences ?? ""));
  const [draft, setDraft] = useState<Record<string, string>>(() =>
    Object.fromEntries(QUOTAS.map((name) => [name, String(given[name] ?? "")])),
  );
  const numbers = useNumbers<string>({ ...draft, licences });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!numbers.fine()) return;
    const value = (name: (typeof QUOTAS)[number]) => numberOf(draft[name] ?? "");
    await run(async () => {
      await api.call("PUT /operator/tenants/{id}/quotas", {
        path: { id: tenant.id },
        body: {
          licences: numberOf(licences),
          calls: value("calls"),
          sockets: value("sockets"),
          requests_per_minute: value("requests_per_minute"),
          requests_per_minute_each: value("requests_per_minute_each"),
          storage_mb: value("storage_mb"),
          webhooks: value("webhooks"),
        },
      });
      tell(t("common.saved"));
      onClose();
    });
  };
  return (
    <Sheet title={t("tenants.quotas.title", { name: tenant.name })} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t("tenants.empty")}</p>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <FormPair>
          <TextField
            label={t("tenants.licences")}
            inputMode="numeric"
            value={licences}
            onChange={setLicences}
            error={numbers.error("licences")}
            autoFocus
          />
          {QUOTAS.map((name) => (
            <TextField
              key={name}
              label={t(`quota.${name}`)}
              inputMode="numeric"
              value={draft[name] ?? ""}
              error={numbers.error(name)}
              onChange={(next) => setDraft((before) => ({ ...before, [name]: next }))}
            />
          ))}
        </FormPair>
        <FormActions>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" type="submit" isPending={busy}>
            {t("common.save")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
