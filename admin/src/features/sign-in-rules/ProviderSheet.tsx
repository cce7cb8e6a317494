import type { Body } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import type { SubmitEvent } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { CheckField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { useWork } from "../../ui/useWork.ts";
import { groupsOf, groupsText, useGroups } from "./groups.ts";
import type { Connection } from "./Providers.tsx";

type ConnectionBody = Body<"POST /admin/sso">;

interface Props {
  connection: Connection | null;
  onClose: () => void;
}

function draftOf(connection: Connection | null) {
  return {
    name: connection?.name ?? "",
    issuer: connection?.issuer ?? "",
    client_id: connection?.client_id ?? "",
    client_secret: "",
    scopes: connection?.scopes ?? "openid email profile",
    groups_claim: connection?.groups_claim ?? "groups",
    groups: groupsText(connection?.role_by_group ?? {}),
    create_users: connection?.create_users ?? false,
    active: connection?.active ?? false,
  };
}

export function ProviderSheet({ connection, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: connection,
    draftOf,
    again: async () => {
      const { items } = await api.call("GET /admin/sso");
      return items.find(({ id }) => id === connection?.id) ?? connection;
    },
  });
  const { create_users: creates, active, ...draft } = edit.draft;
  const field = (name: keyof typeof draft) => ({
    value: draft[name],
    onChange: (value: string) => edit.set(name, value),
  });

  const groups = useGroups(draft.groups);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!groups.fine()) return;
    const { groups: roles, client_secret: secret, ...rest } = draft;
    await run(() =>
      edit.save(async (one) => {
        const body: ConnectionBody = {
          ...rest,
          client_secret: secret === "" && one ? null : secret,
          secret_expires_at: one?.secret_expires_at ?? null,
          role_by_group: groupsOf(roles),
          create_users: creates,
          active,
        };
        if (one) {
          const { id, version } = one;
          await api.call("PUT /admin/sso/{id}", { path: { id }, body, ifMatch: version });
        } else await api.call("POST /admin/sso", { body });
        tell(t("common.saved"));
        onClose();
      }),
    );
  };

  return (
    <Sheet title={connection?.name ?? t("sso.new")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <Conflict
          edit={edit}
          labels={{
            name: t("keys.name"),
            issuer: t("sso.issuer"),
            client_id: t("sso.client"),
            client_secret: t("sso.secret"),
            scopes: t("sso.scopes"),
            groups_claim: t("sso.claim"),
            groups: t("sso.groups"),
            create_users: t("sso.create"),
            active: t("sso.active"),
          }}
        />
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
