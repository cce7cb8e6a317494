import type { Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { LANGUAGE_NAMES, LANGUAGES } from "@offhook/ui/i18n/language.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useDay } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { keepFile } from "../../ui/download.ts";
import { Conflict } from "../../ui/Conflict.tsx";
import { SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Card, Facts, Page } from "../../ui/Page.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { useWork } from "../../ui/useWork.ts";
import { DeleteTenant } from "./DeleteTenant.tsx";
import { NewTerms } from "./Terms.tsx";

type Tenant = Reply<"GET /admin/tenant">;

/** The company itself. */
export default function Settings() {
  const t = useT();
  const api = useApi();
  const may = useMay();
  const day = useDay();
  const tenant = useQuery({
    queryKey: ["tenant"],
    refetchOnWindowFocus: false,
    queryFn: () => api.call("GET /admin/tenant"),
  });
  const { data } = tenant;
  return (
    <Page title={t("nav.settings")}>
      <Card title={t("settings.company")}>
        <Loaded query={tenant}>
          {(one) => (
            <TenantForm key={one.version} tenant={one} onSaved={() => void tenant.refetch()} />
          )}
        </Loaded>
      </Card>
      {data && (
        <Card title={t("settings.terms")}>
          <NewTerms accepted={data.terms_version} />
          <Facts
            rows={[
              [t("settings.terms.version"), data.terms_version === "" ? "–" : data.terms_version],
              [t("settings.terms.at"), day(data.terms_accepted_at)],
              [t("settings.since"), day(data.created_at)],
            ]}
          />
        </Card>
      )}
      {may("tenant.export") && <Export />}
      {may("tenant.delete") && data && <DeleteTenant name={data.name} />}
    </Page>
  );
}

function TenantForm({ tenant, onSaved }: { tenant: Tenant; onSaved: () => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: tenant,
    draftOf: ({ name, language, support_email }) => ({ name, language, support_email }),
    again: () => api.call("GET /admin/tenant"),
  });
  const { name, language, support_email: support } = edit.draft;
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = {
      name: name.trim(),
      language: LANGUAGES.find((one) => one === language) ?? "en",
      support_email: support.trim(),
    };
    await run(() =>
      edit.save(async ({ version }) => {
        await api.call("PUT /admin/tenant", { body, ifMatch: version });
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
        labels={{
          name: t("settings.name"),
          language: t("settings.language"),
          support_email: t("settings.support"),
        }}
      />
      <TextField
        label={t("settings.name")}
        value={name}
        onChange={(next) => edit.set("name", next)}
        required
      />
      <SelectField
        label={t("settings.language")}
        hint={t("settings.language.hint")}
        value={language}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value], lang: value }))}
        onChange={(next) => edit.set("language", next)}
      />
      <TextField
        label={t("settings.support")}
        hint={t("settings.support.hint")}
        type="email"
        value={support}
        onChange={(next) => edit.set("support_email", next)}
      />
      <FormActions>
        <Button look="primary" type="submit" isPending={busy}>
          {t("common.save")}
        </Button>
      </FormActions>
    </form>
  );
}

function Export() {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const go = () =>
    run(async () => keepFile(await api.download("POST /admin/tenant/export"), "export.zip"));
  return (
    <Card title={t("settings.export")}>
      <p>{t("settings.export.text")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <FormActions>
        <Button icon="download" isPending={busy} onPress={() => void go()}>
          {t("settings.export.go")}
        </Button>
      </FormActions>
    </Card>
  );
}
