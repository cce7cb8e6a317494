import type { Body, Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useDay } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { CheckField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Facts } from "../../ui/Page.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { useWork } from "../../ui/useWork.ts";
import { SourceCard } from "./SourceCard.tsx";
import { TestResult } from "./TestResult.tsx";

type Setup = Reply<"GET /admin/contact-sources/microsoft">;
type SetupBody = Body<"PUT /admin/contact-sources/microsoft">;

/** Outlook contacts and the company's list, each read on behalf of whoever searches. */
export function Microsoft() {
  const t = useT();
  const api = useApi();
  const day = useDay("UTC");
  const setup = useQuery({
    queryKey: ["contact-source", "microsoft"],
    refetchOnWindowFocus: false,
    queryFn: () => api.call("GET /admin/contact-sources/microsoft"),
  });
  return (
    <SourceCard
      title={t("sources.microsoft")}
      setup={setup}
      remove={() => api.call("DELETE /admin/contact-sources/microsoft")}
      facts={(data) => (
        <Facts
          rows={[
            [t("sources.directory"), data.directory_id],
            [t("sources.users"), data.connected_users],
            [t("sources.secretUntil"), day(data.secret_expires_at)],
          ]}
        />
      )}
      edit={(data, close) => <MicrosoftSheet setup={data} onClose={close} />}
      test={(close) => <MicrosoftTest onClose={close} />}
    />
  );
}

function draftOf(setup: Setup) {
  return {
    directory_id: setup.directory_id,
    client_id: setup.client_id,
    client_secret: "",
    secret_expires_at: setup.secret_expires_at?.slice(0, 10) ?? "",
    private_contacts: setup.private_contacts,
    global_contacts: setup.global_contacts,
    active: setup.active,
  };
}

function MicrosoftSheet({ setup, onClose }: { setup: Setup; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: setup,
    draftOf,
    again: () => api.call("GET /admin/contact-sources/microsoft"),
  });
  const labels = {
    directory_id: t("sources.directory"),
    client_id: t("sources.client"),
    client_secret: t("sources.secret"),
    secret_expires_at: t("sources.secretUntil"),
    private_contacts: t("sources.private"),
    global_contacts: t("sources.global"),
    active: t("sources.active"),
  };
  const field = (name: "directory_id" | "client_id" | "client_secret" | "secret_expires_at") => ({
    label: labels[name],
    value: edit.draft[name],
    onChange: (value: string) => edit.set(name, value),
  });
  const check = (name: "private_contacts" | "global_contacts" | "active") => ({
    checked: edit.draft[name],
    onChange: (value: boolean) => edit.set(name, value),
    children: labels[name],
  });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { secret_expires_at: until, client_secret: secret, ...rest } = edit.draft;
    await run(() =>
      edit.save(async ({ version }) => {
        const body: SetupBody = {
          ...rest,
          directory_id: rest.directory_id.trim(),
          client_id: rest.client_id.trim(),
          client_secret: secret === "" ? null : secret,
          secret_expires_at: until === "" ? null : `${until}T00:00:00Z`,
        };
        await api.call("PUT /admin/contact-sources/microsoft", { body, ifMatch: version });
        tell(t("common.saved"));
        onClose();
      }),
    );
  };
  return (
    <Sheet title={t("sources.microsoft")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <Conflict edit={edit} labels={labels} />
        <p>{t("sources.microsoft.how")}</p>
        <Facts
          rows={[
            [
              t("sources.redirect"),
              <>
                <code>{setup.redirect_uri}</code> <CopyButton text={setup.redirect_uri} />
              </>,
            ],
            [t("sources.permissions"), setup.permissions.join(", ")],
          ]}
        />
        <TextField {...field("directory_id")} autoFocus />
        <TextField {...field("client_id")} />
        <FormPair>
          <TextField
            type="password"
            autoComplete="new-password"
            hint={setup.has_client_secret ? t("sso.secret.keep") : undefined}
            {...field("client_secret")}
          />
          <TextField type="date" {...field("secret_expires_at")} />
        </FormPair>
        <CheckField {...check("private_contacts")} />
        <CheckField {...check("global_contacts")} />
        <CheckField {...check("active")} />
        {setup.connected_users > 0 && (
          <p>{t("sources.microsoft.others", { count: setup.connected_users })}</p>
        )}
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

/** Nothing has to be said for it: it begins at once. */
function MicrosoftTest({ onClose }: { onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const test = useQuery({
    queryKey: ["contact-source", "microsoft", "test"],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnWindowFocus: false,
    queryFn: () => api.call("POST /admin/contact-sources/microsoft/test", { body: {} }),
  });
  return (
    <Sheet title={t("sources.test")} onClose={onClose} asks={false}>
      {test.data ? (
        <TestResult result={test.data} />
      ) : (
        <ListState
          status={test.isError ? "error" : "loading"}
          empty=""
          onRetry={() => void test.refetch()}
        />
      )}
      <FormActions>
        <Button onPress={onClose}>{t("common.close")}</Button>
      </FormActions>
    </Sheet>
  );
}
