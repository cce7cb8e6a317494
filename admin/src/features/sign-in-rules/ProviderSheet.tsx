import type { Body } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { CheckField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import { groupsOf, groupsText } from "./groups.ts";
import type { Connection } from "./Providers.tsx";

type ConnectionBody = Body<"POST /admin/sso">;

interface Props {
  connection: Connection | null;
  onClose: () => void;
}

export function ProviderSheet({ connection, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [draft, setDraft] = useState(() => ({
    name: connection?.name ?? "",
    issuer: connection?.issuer ?? "",
    client_id: connection?.client_id ?? "",
    client_secret: "",
    scopes: connection?.scopes ?? "openid email profile",
    groups_claim: connection?.groups_claim ?? "groups",
    groups: groupsText(connection?.role_by_group ?? {}),
  }));
  const [creates, setCreates] = useState(connection?.create_users ?? false);
  const [active, setActive] = useState(connection?.active ?? false);
  const field = (name: keyof typeof draft) => ({
    value: draft[name],
    onChange: (value: string) => setDraft((before) => ({ ...before, [name]: value })),
  });

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { groups, client_secret: secret, ...rest } = draft;
    const body: ConnectionBody = {
      ...rest,
      client_secret: secret === "" && connection ? null : secret,
      secret_expires_at: connection?.secret_expires_at ?? null,
      role_by_group: groupsOf(groups),
      create_users: creates,
      active,
    };
    await run(async () => {
      if (connection) {
        const { id, version } = connection;
        await api.call("PUT /admin/sso/{id}", { path: { id }, body, ifMatch: version });
      } else await api.call("POST /admin/sso", { body });
      tell(t("common.saved"));
      onClose();
    });
  };

  return (
    <Sheet title={connection?.name ?? t("sso.new")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        {connection && (
          <>
            <p>{t("sso.redirect")}</p>
            <code>{connection.redirect_uri}</code>
            <CopyButton text={connection.redirect_uri} />
          </>
        )}
        <TextField label={t("keys.name")} {...field("name")} required autoFocus />
        <TextField label={t("sso.issuer")} hint={t("sso.issuer.hint")} {...field("issuer")} />
        <FormPair>
          <TextField label={t("sso.client")} {...field("client_id")} />
          <TextField
            label={t("sso.secret")}
            type="password"
            autoComplete="new-password"
            hint={connection?.has_secret === true ? t("sso.secret.keep") : undefined}
            {...field("client_secret")}
          />
        </FormPair>
        <FormPair>
          <TextField label={t("sso.scopes")} {...field("scopes")} />
          <TextField label={t("sso.claim")} {...field("groups_claim")} />
        </FormPair>
        <TextField
          label={t("sso.groups")}
          hint={t("sso.groups.hint")}
          lines={3}
          {...field("groups")}
        />
        <CheckField checked={creates} onChange={setCreates}>
          {t("sso.create")}
        </CheckField>
        <CheckField checked={active} onChange={setActive}>
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
