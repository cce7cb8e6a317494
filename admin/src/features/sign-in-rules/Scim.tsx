import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import type { Reply } from "@offhook/sdk/api";
import { useQuery } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { hrefOf } from "../../app/route.ts";
import { useWhen } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Card, Facts } from "../../ui/Page.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { useWork } from "../../ui/useWork.ts";
import { groupsOf, groupsText, useGroups } from "./groups.ts";

type Setup = Reply<"GET /admin/scim">;

/** Joiners and leavers by the company's own user administration. */
export function Scim() {
  const t = useT();
  const api = useApi();
  const setup = useQuery({
    queryKey: ["scim"],
    refetchOnWindowFocus: false,
    queryFn: () => api.call("GET /admin/scim"),
  });
  return (
    <Card title={t("scim.title")}>
      <p>
        {t("scim.intro")} <a href={hrefOf("keys")}>{t("scim.key")}</a>
      </p>
      <Loaded query={setup}>
        {(data) => (
          <ScimForm key={data.version} setup={data} onSaved={() => void setup.refetch()} />
        )}
      </Loaded>
    </Card>
  );
}

function ScimForm({ setup, onSaved }: { setup: Setup; onSaved: () => void }) {
  const t = useT();
  const api = useApi();
  const when = useWhen();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: setup,
    draftOf: (one) => ({ groups: groupsText(one.role_by_group) }),
    again: () => api.call("GET /admin/scim"),
  });
  const { groups } = edit.draft;
  const roles = useGroups(groups);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!roles.fine()) return;
    const body = { role_by_group: groupsOf(groups) };
    await run(() =>
      edit.save(async ({ version }) => {
        await api.call("PUT /admin/scim", { body, ifMatch: version });
        tell(t("common.saved"));
        onSaved();
      }),
    );
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <Conflict edit={edit} labels={{ groups: t("sso.groups") }} />
      <Facts
        rows={[
          [
            t("scim.url"),
            <span key="url">
              <code>{setup.base_url}</code> <CopyButton text={setup.base_url} />
            </span>,
          ],
          [
            t("scim.last"),
            setup.last_request === null ? t("common.never") : when(setup.last_request),
          ],
        ]}
      />
      <TextField
        label={t("sso.groups")}
        hint={t("sso.groups.hint")}
        lines={3}
        error={roles.error}
        value={groups}
        onChange={(next) => edit.set("groups", next)}
      />
      <FormActions>
        <Button look="primary" type="submit" isPending={busy}>
          {t("common.save")}
        </Button>
      </FormActions>
    </form>
  );
}
