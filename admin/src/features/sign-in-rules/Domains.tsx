import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useDay } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Card } from "../../ui/Page.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { useWork } from "../../ui/useWork.ts";

/** Whose addresses sign in by which provider: only of domains that are proven to be the tenant's. */
export function Domains() {
  const t = useT();
  const api = useApi();
  const day = useDay();
  const { busy, problem, run } = useWork();
  const [domain, setDomain] = useState("");
  const [connection, setConnection] = useState("");
  const [removing, setRemoving] = useState<{ id: string; domain: string } | null>(null);
  const list = useQuery({
    queryKey: ["domains"],
    queryFn: () => api.call("GET /admin/sign-in-domains"),
  });
  const providers = useQuery({ queryKey: ["sso"], queryFn: () => api.call("GET /admin/sso") });
  const act = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      await list.refetch();
    });
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { domain: domain.trim(), connection_id: connection === "" ? null : connection };
    if (await act(() => api.call("POST /admin/sign-in-domains", { body }))) setDomain("");
  };
  return (
    <Card title={t("domains.title")}>
      <p>{t("domains.intro")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <Loaded query={list}>
        {({ items }) =>
          items.length > 0 && (
            <Table
              label={t("domains.title")}
              rows={items}
              keyOf={(one) => one.id}
              columns={[
                { title: t("domains.domain"), cell: (one) => one.domain },
                {
                  title: t("keys.state"),
                  cell: (one) => (
                    <State tone={one.state === "proven" && !one.missing_since ? "ok" : "warn"}>
                      {one.missing_since !== null
                        ? t("domains.missing", { when: day(one.missing_since) })
                        : t(one.state === "proven" ? "domains.proven" : "domains.waiting")}
                    </State>
                  ),
                },
                {
                  title: t("domains.record"),
                  cell: (one) =>
                    (one.state !== "proven" || one.missing_since !== null) && (
                      <div>
                        <code>{`${one.dns_name} TXT "${one.dns_value}"`}</code>{" "}
                        <CopyButton text={one.dns_value} />
                      </div>
                    ),
                },
                {
                  title: "",
                  cell: (one) => (
                    <FormActions>
                      {(one.state !== "proven" || one.missing_since !== null) && (
                        <Button
                          isDisabled={busy}
                          onPress={() =>
                            void act(() =>
                              api.call("POST /admin/sign-in-domains/{id}/check", {
                                path: { id: one.id },
                              }),
                            )
                          }
                        >
                          {t("domains.check")}
                        </Button>
                      )}
                      <Button look="danger" onPress={() => setRemoving(one)}>
                        {t("common.remove")}
                      </Button>
                    </FormActions>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <FormPair>
          <TextField label={t("domains.domain")} value={domain} onChange={setDomain} />
          <SelectField
            label={t("domains.by")}
            value={connection}
            options={[
              { value: "", label: t("directory.title") },
              ...(providers.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={setConnection}
          />
        </FormPair>
        <FormActions>
          <Button type="submit" isPending={busy} isDisabled={domain.trim() === ""}>
            {t("domains.add")}
          </Button>
        </FormActions>
      </form>
      {removing && (
        <Confirm
          title={t("domains.remove.title", { domain: removing.domain })}
          text={t("domains.remove.text")}
          confirm={t("common.remove")}
          work={async () => {
            await api.call("DELETE /admin/sign-in-domains/{id}", { path: { id: removing.id } });
            await list.refetch();
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </Card>
  );
}
