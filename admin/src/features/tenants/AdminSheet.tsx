import { Button } from "@offhook/ui/Button.tsx";
import { LANGUAGE_NAMES, LANGUAGES } from "@offhook/ui/i18n/language.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { numberOf, useNumbers } from "../../ui/useNumbers.ts";
import { useWork } from "../../ui/useWork.ts";
import type { Tenant } from "./Tenants.tsx";

interface Props {
  /** null: a new company, with its first administrator. */
  tenant: Tenant | null;
  onClose: () => void;
}

export function AdminSheet({ tenant, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [company, setCompany] = useState("");
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>("en");
  const [licences, setLicences] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const numbers = useNumbers({ licences });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!numbers.fine()) return;
    const admin = { email: email.trim(), name: name.trim() };
    await run(async () => {
      const { mail } = tenant
        ? await api.call("POST /operator/tenants/{id}/invite-admin", {
            path: { id: tenant.id },
            body: admin,
          })
        : await api.call("POST /operator/tenants", {
            body: {
              name: company.trim(),
              language,
              admin,
              licences: numberOf(licences),
            },
          });
      tell(t(mail === "queued" ? "tenants.invited" : "tenants.noMail", { email: admin.email }));
      onClose();
    });
  };
  return (
    <Sheet title={tenant ? t("tenants.admin") : t("tenants.new")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        {!tenant && (
          <>
            <TextField label={t("settings.name")} value={company} onChange={setCompany} autoFocus />
            <SelectField
              label={t("settings.language")}
              value={language}
              options={LANGUAGES.map((value) => ({
                value,
                label: LANGUAGE_NAMES[value],
                lang: value,
              }))}
              onChange={(next) => setLanguage(LANGUAGES.find((one) => one === next) ?? "en")}
            />
            <TextField
              label={t("tenants.licences")}
              hint={t("tenants.empty")}
              inputMode="numeric"
              value={licences}
              onChange={setLicences}
              error={numbers.error("licences")}
            />
          </>
        )}
        <TextField
          label={t("tenants.adminName")}
          value={name}
          onChange={setName}
          autoFocus={tenant !== null}
        />
        <TextField label={t("signIn.email")} type="email" value={email} onChange={setEmail} />
        <FormActions>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" type="submit" isPending={busy}>
            {t("people.invite")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
