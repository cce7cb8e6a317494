import type { Body, Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CheckField, SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Facts } from "../../ui/Page.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { useNumbers } from "../../ui/useNumbers.ts";
import { useWork } from "../../ui/useWork.ts";
import { SourceCard } from "./SourceCard.tsx";
import { TestResult } from "./TestResult.tsx";

type Setup = Reply<"GET /admin/contact-sources/ldap">;
type SetupBody = Body<"PUT /admin/contact-sources/ldap">;

/** A directory that speaks LDAP. */
export function Ldap() {
  const t = useT();
  const api = useApi();
  const setup = useQuery({
    queryKey: ["contact-source", "ldap"],
    refetchOnWindowFocus: false,
    queryFn: () => api.call("GET /admin/contact-sources/ldap"),
  });
  return (
    <SourceCard
      title={t("sources.ldap")}
      setup={setup}
      remove={() => api.call("DELETE /admin/contact-sources/ldap")}
      facts={({ host, port, base_dn: base }) => (
        <Facts
          rows={[
            [t("directory.host"), `${host}:${port}`],
            [t("directory.base"), base],
          ]}
        />
      )}
      edit={(data, close) => <LdapSheet setup={data} onClose={close} />}
      test={(close) => <LdapTest onClose={close} />}
    />
  );
}

function draftOf(setup: Setup) {
  return {
    host: setup.host,
    port: String(setup.port),
    security: setup.security,
    ca_pem: setup.ca_pem,
    bind_dn: setup.bind_dn,
    bind_password: "",
    base_dn: setup.base_dn,
    filter: setup.filter,
    name_attribute: setup.name_attribute,
    company_attribute: setup.company_attribute,
    email_attribute: setup.email_attribute,
    work_attributes: setup.work_attributes.join(", "),
    mobile_attributes: setup.mobile_attributes.join(", "),
    home_attributes: setup.home_attributes.join(", "),
    active: setup.active,
  };
}

const attributes = (text: string) => text.split(/[\s,]+/).filter((one) => one !== "");

function LdapSheet({ setup, onClose }: { setup: Setup; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: setup,
    draftOf,
    again: () => api.call("GET /admin/contact-sources/ldap"),
  });
  const { security, active, ...texts } = edit.draft;
  const labels = {
    host: t("directory.host"),
    port: t("directory.port"),
    security: t("directory.security"),
    ca_pem: t("directory.ca"),
    bind_dn: t("directory.bindDn"),
    bind_password: t("directory.bindPassword"),
    base_dn: t("directory.base"),
    filter: t("sources.filter"),
    name_attribute: t("contacts.form.name"),
    company_attribute: t("contacts.form.company"),
    email_attribute: t("contacts.form.email"),
    work_attributes: t("contacts.kind.work"),
    mobile_attributes: t("contacts.kind.mobile"),
    home_attributes: t("contacts.kind.home"),
    active: t("sources.active"),
  };
  const field = (name: keyof typeof texts) => ({
    label: labels[name],
    value: texts[name],
    onChange: (value: string) => edit.set(name, value),
  });
  const numbers = useNumbers({ port: texts.port });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!numbers.fine()) return;
    const { port, bind_password: password, ...rest } = edit.draft;
    await run(() =>
      edit.save(async ({ version, has_bind_password: kept }) => {
        const body: SetupBody = {
          ...rest,
          port: Number(port),
          // Whoever binds as nobody has no password; an empty field keeps the one that is there.
          bind_password: password === "" && kept && rest.bind_dn !== "" ? null : password,
          work_attributes: attributes(rest.work_attributes),
          mobile_attributes: attributes(rest.mobile_attributes),
          home_attributes: attributes(rest.home_attributes),
        };
        await api.call("PUT /admin/contact-sources/ldap", { body, ifMatch: version });
        tell(t("common.saved"));
        onClose();
      }),
    );
  };
  return (
    <Sheet title={t("sources.ldap")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <Conflict edit={edit} labels={labels} />
        <FormPair>
          <TextField {...field("host")} autoFocus />
          <TextField inputMode="numeric" error={numbers.error("port")} {...field("port")} />
        </FormPair>
        <SelectField
          label={labels.security}
          value={security}
          options={[
            { value: "starttls", label: "STARTTLS" },
            { value: "ldaps", label: "LDAPS" },
          ]}
          onChange={(next) => edit.set("security", next === "ldaps" ? "ldaps" : "starttls")}
        />
        <TextField hint={t("directory.ca.hint")} lines={3} {...field("ca_pem")} />
        <FormPair>
          <TextField {...field("bind_dn")} />
          <TextField
            type="password"
            autoComplete="new-password"
            hint={setup.has_bind_password ? t("sso.secret.keep") : undefined}
            {...field("bind_password")}
          />
        </FormPair>
        <TextField {...field("base_dn")} />
        <TextField {...field("filter")} />
        <h3>{t("sources.attributes")}</h3>
        <FormPair>
          <TextField {...field("name_attribute")} />
          <TextField {...field("company_attribute")} />
          <TextField {...field("email_attribute")} />
          <TextField {...field("work_attributes")} />
          <TextField {...field("mobile_attributes")} />
          <TextField {...field("home_attributes")} />
        </FormPair>
        <CheckField checked={active} onChange={(next) => edit.set("active", next)}>
          {labels.active}
        </CheckField>
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

function LdapTest({ onClose }: { onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [q, setQ] = useState("");
  const [result, setResult] = useState<Reply<"POST /admin/contact-sources/ldap/test"> | null>(null);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setResult(null);
    await run(async () => {
      const body = { q: q.trim() };
      setResult(await api.call("POST /admin/contact-sources/ldap/test", { body }));
    });
  };
  return (
    <Sheet title={t("sources.test")} onClose={onClose} asks={false}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        {result && <TestResult result={result} />}
        <TextField
          label={t("sources.test.q")}
          hint={t("sources.test.hint")}
          value={q}
          onChange={setQ}
          maxLength={100}
          autoFocus
        />
        <FormActions>
          <Button onPress={onClose}>{t("common.close")}</Button>
          <Button look="primary" type="submit" isPending={busy} isDisabled={q.trim().length < 2}>
            {t("sources.test")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
