import type { Body, Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CheckField, ChoiceField, SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Card } from "../../ui/Page.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { useNumbers } from "../../ui/useNumbers.ts";
import { useWork } from "../../ui/useWork.ts";
import { groupsOf, groupsText, useGroups } from "./groups.ts";
import { Outcome } from "./Outcome.tsx";

type Setup = Reply<"GET /admin/directory-sign-in">;
type SetupBody = Body<"PUT /admin/directory-sign-in">;

/** Sign-in by the company's own directory, LDAP. */
export function Directory() {
  const t = useT();
  const api = useApi();
  const [open, setOpen] = useState<"edit" | "test" | null>(null);
  const setup = useQuery({
    queryKey: ["directory-sign-in"],
    refetchOnWindowFocus: false,
    queryFn: () => api.call("GET /admin/directory-sign-in"),
  });
  const close = () => {
    setOpen(null);
    void setup.refetch();
  };
  return (
    <Card
      title={t("directory.title")}
      actions={
        <>
          {setup.data && setup.data.version > 0 && (
            <Button onPress={() => setOpen("test")}>{t("directory.test")}</Button>
          )}
          <Button icon="edit" isDisabled={!setup.data} onPress={() => setOpen("edit")}>
            {t("common.edit")}
          </Button>
        </>
      }
    >
      <Loaded query={setup}>
        {(data) => (
          <p>
            {data.version === 0
              ? t("directory.none")
              : t(data.active ? "directory.on" : "directory.off", { host: data.host })}
          </p>
        )}
      </Loaded>
      {open === "edit" && setup.data && <DirectorySheet setup={setup.data} onClose={close} />}
      {open === "test" && <DirectoryTest onClose={close} />}
    </Card>
  );
}

function draftOf(setup: Setup) {
  return {
    host: setup.host,
    port: String(setup.port),
    security: setup.security,
    ca_pem: setup.ca_pem,
    method: setup.method,
    user_dn: setup.user_dn,
    base_dn: setup.base_dn,
    user_filter: setup.user_filter,
    bind_dn: setup.bind_dn,
    bind_password: "",
    email_attribute: setup.email_attribute,
    name_attribute: setup.name_attribute,
    group_attribute: setup.group_attribute,
    groups: groupsText(setup.role_by_group),
    create_users: setup.create_users,
    active: setup.active,
  };
}

function DirectorySheet({ setup, onClose }: { setup: Setup; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: setup,
    draftOf,
    again: () => api.call("GET /admin/directory-sign-in"),
  });
  const { security, method, create_users: creates, active, ...draft } = edit.draft;
  const field = (name: keyof typeof draft) => ({
    value: draft[name],
    onChange: (value: string) => edit.set(name, value),
  });
  const numbers = useNumbers({ port: draft.port });
  const groups = useGroups(draft.groups);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fine = [numbers.fine(), groups.fine()];
    if (fine.includes(false)) return;
    const { groups: roles, port, bind_password: password, ...rest } = edit.draft;
    await run(() =>
      edit.save(async ({ version, has_bind_password: kept }) => {
        const body: SetupBody = {
          ...rest,
          port: Number(port),
          bind_password: password === "" && kept ? null : password,
          role_by_group: groupsOf(roles),
        };
        await api.call("PUT /admin/directory-sign-in", { body, ifMatch: version });
        tell(t("common.saved"));
        onClose();
      }),
    );
  };
  return (
    <Sheet title={t("directory.title")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <Conflict
          edit={edit}
          labels={{
            host: t("directory.host"),
            port: t("directory.port"),
            security: t("directory.security"),
            ca_pem: t("directory.ca"),
            method: t("directory.method"),
            user_dn: t("directory.userDn"),
            base_dn: t("directory.base"),
            user_filter: t("directory.filter"),
            bind_dn: t("directory.bindDn"),
            bind_password: t("directory.bindPassword"),
            email_attribute: t("directory.email"),
            name_attribute: t("directory.name"),
            group_attribute: t("directory.group"),
            groups: t("sso.groups"),
            create_users: t("sso.create"),
            active: t("sso.active"),
          }}
          show={(name, value) => (name === "method" ? word("directory.method", value) : value)}
        />
        <FormPair>
          <TextField label={t("directory.host")} {...field("host")} autoFocus />
          <TextField
            label={t("directory.port")}
            inputMode="numeric"
            error={numbers.error("port")}
            {...field("port")}
          />
        </FormPair>
        <SelectField
          label={t("directory.security")}
          value={security}
          options={[
            { value: "starttls", label: "STARTTLS" },
            { value: "ldaps", label: "LDAPS" },
          ]}
          onChange={(next) => edit.set("security", next === "ldaps" ? "ldaps" : "starttls")}
        />
        <TextField
          label={t("directory.ca")}
          hint={t("directory.ca.hint")}
          lines={3}
          {...field("ca_pem")}
        />
        <ChoiceField
          label={t("directory.method")}
          value={method}
          options={[
            { value: "search", label: t("directory.method.search") },
            { value: "bind", label: t("directory.method.bind") },
          ]}
          onChange={(next) => edit.set("method", next === "bind" ? "bind" : "search")}
        />
        {method === "bind" ? (
          <TextField
            label={t("directory.userDn")}
            hint="uid={user},ou=people,dc=example"
            {...field("user_dn")}
          />
        ) : (
          <>
            <FormPair>
              <TextField label={t("directory.bindDn")} {...field("bind_dn")} />
              <TextField
                label={t("directory.bindPassword")}
                type="password"
                autoComplete="new-password"
                hint={setup.has_bind_password ? t("sso.secret.keep") : undefined}
                {...field("bind_password")}
              />
            </FormPair>
            <TextField label={t("directory.filter")} {...field("user_filter")} />
          </>
        )}
        <TextField label={t("directory.base")} {...field("base_dn")} />
        <FormPair>
          <TextField label={t("directory.email")} {...field("email_attribute")} />
          <TextField label={t("directory.name")} {...field("name_attribute")} />
          <TextField label={t("directory.group")} {...field("group_attribute")} />
        </FormPair>
        <TextField
          label={t("sso.groups")}
          hint={t("sso.groups.hint")}
          lines={3}
          error={groups.error}
          {...field("groups")}
        />
        <CheckField checked={creates} onChange={(next) => edit.set("create_users", next)}>
          {t("sso.create")}
        </CheckField>
        <CheckField checked={active} onChange={(next) => edit.set("active", next)}>
          {t("sso.active")}
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

type Verdict = Reply<"POST /admin/directory-sign-in/test">;

function DirectoryTest({ onClose }: { onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setVerdict(null);
    await run(async () => {
      const body = { email: email.trim(), password };
      setVerdict(await api.call("POST /admin/directory-sign-in/test", { body }));
    });
  };
  return (
    <Sheet title={t("directory.test")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t("directory.test.intro")}</p>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        {verdict && <Outcome verdict={verdict} />}
        <TextField
          label={t("signIn.email")}
          type="email"
          value={email}
          onChange={setEmail}
          autoFocus
        />
        <TextField
          label={t("signIn.password")}
          type="password"
          value={password}
          onChange={setPassword}
        />
        <FormActions>
          <Button onPress={onClose}>{t("common.close")}</Button>
          <Button look="primary" type="submit" isPending={busy}>
            {t("directory.test")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
