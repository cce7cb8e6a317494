import type { Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Card } from "../../ui/Page.tsx";
import { RowMenu } from "../../ui/RowMenu.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { ProviderSheet } from "./ProviderSheet.tsx";
import { TestSignIn } from "./TestSignIn.tsx";

export type Connection = Reply<"GET /admin/sso">["items"][number];

type Open = { kind: "new" } | { kind: "edit" | "test" | "remove"; connection: Connection } | null;

/** The company's own sign-in by OpenID Connect. */
export function Providers() {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const when = useWhen();
  const [open, setOpen] = useState<Open>(null);
  const list = useQuery({ queryKey: ["sso"], queryFn: () => api.call("GET /admin/sso") });
  const close = () => {
    setOpen(null);
    void list.refetch();
  };
  return (
    <Card
      title={t("sso.title")}
      actions={
        <Button icon="add" onPress={() => setOpen({ kind: "new" })}>
          {t("sso.new")}
        </Button>
      }
    >
      <p>{t("sso.intro")}</p>
      <Loaded query={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t("sso.none")}</p>
          ) : (
            <Table
              label={t("sso.title")}
              rows={items}
              keyOf={(one) => one.id}
              columns={[
                { title: t("keys.name"), cell: (one) => one.name },
                { title: t("sso.issuer"), cell: (one) => one.issuer },
                {
                  title: t("keys.state"),
                  cell: (one) => (
                    <State tone={one.last_error !== "" ? "warn" : one.active ? "ok" : "quiet"}>
                      {t(one.active ? "sso.on" : "sso.off")}
                    </State>
                  ),
                },
                {
                  title: t("sso.last"),
                  cell: (one) =>
                    one.last_error !== ""
                      ? word("problem", one.last_error)
                      : one.last_sign_in === null
                        ? t("common.never")
                        : when(one.last_sign_in),
                },
                {
                  title: "",
                  cell: (one) => (
                    <RowMenu
                      label={t("common.actions", { name: one.name })}
                      acts={[
                        {
                          id: "test",
                          label: t("sso.test"),
                          work: () => setOpen({ kind: "test", connection: one }),
                        },
                        {
                          id: "edit",
                          label: t("common.edit"),
                          work: () => setOpen({ kind: "edit", connection: one }),
                        },
                        {
                          id: "remove",
                          label: t("common.remove"),
                          danger: true,
                          work: () => setOpen({ kind: "remove", connection: one }),
                        },
                      ]}
                    />
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {open?.kind === "new" && <ProviderSheet connection={null} onClose={close} />}
      {open?.kind === "edit" && <ProviderSheet connection={open.connection} onClose={close} />}
      {open?.kind === "test" && <TestSignIn connection={open.connection} onClose={close} />}
      {open?.kind === "remove" && (
        <Confirm
          title={t("sso.remove.title", { name: open.connection.name })}
          text={t("sso.remove.text")}
          confirm={t("common.remove")}
          work={() => api.call("DELETE /admin/sso/{id}", { path: { id: open.connection.id } })}
          onClose={close}
        />
      )}
    </Card>
  );
}
