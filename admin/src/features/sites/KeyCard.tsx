import { Button } from "@offhook/ui/Button.tsx";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Card } from "../../ui/Page.tsx";
import { RowMenu } from "../../ui/RowMenu.tsx";
import { Secret } from "../../ui/Secret.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import type { Key } from "../keys/keys.ts";
import { NewKey } from "../keys/NewKey.tsx";
import { RegenerateKey } from "../keys/RegenerateKey.tsx";
import { RevokeKey } from "../keys/RevokeKey.tsx";
import type { Status } from "./connector.ts";

type SiteKey = Status["keys"][number];
type Open = { kind: "new" } | { kind: "regenerate" | "revoke"; key: SiteKey } | null;

/** By which key the connector shows who it is. */
export function KeyCard({ status, refresh }: { status: Status; refresh: () => void }) {
  const t = useT();
  const queries = useQueryClient();
  const mayWrite = useMay()("keys.write");
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<{ key: Key; text: string } | null>(null);
  const done = () => {
    setOpen(null);
    refresh();
    void queries.invalidateQueries({ queryKey: ["keys"] });
  };
  const made = (key: Key, text: string) => {
    setSecret({ key, text });
    done();
  };
  return (
    <Card
      title={t("sites.keys")}
      actions={
        mayWrite && (
          <Button icon="key" onPress={() => setOpen({ kind: "new" })}>
            {t("keys.new")}
          </Button>
        )
      }
    >
      {status.keys.length === 0 ? (
        <p>{t("sites.noKey")}</p>
      ) : (
        <Table
          label={t("sites.keys")}
          rows={status.keys}
          keyOf={(key) => key.id}
          columns={[
            { title: t("keys.name"), cell: (key) => key.name },
            {
              title: t("keys.state"),
              cell: (key) => (
                <State tone={key.in_use ? "ok" : "quiet"}>
                  {t(key.in_use ? "sites.keyInUse" : "sites.keyReady")}
                </State>
              ),
            },
            {
              title: "",
              cell: (key) => (
                <RowMenu
                  label={t("common.actions", { name: key.name })}
                  acts={
                    mayWrite
                      ? [
                          {
                            id: "regenerate",
                            label: t("keys.regenerate"),
                            work: () => setOpen({ kind: "regenerate", key }),
                          },
                          {
                            id: "revoke",
                            label: t("keys.revoke"),
                            danger: true,
                            work: () => setOpen({ kind: "revoke", key }),
                          },
                        ]
                      : []
                  }
                />
              ),
            },
          ]}
        />
      )}
      {open?.kind === "new" && (
        <NewKey scopes={[]} site={status.site.id} onMade={made} onClose={() => setOpen(null)} />
      )}
      {open?.kind === "regenerate" && (
        <RegenerateKey
          of={{ ...open.key, site: status.site }}
          onMade={made}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.kind === "revoke" && <RevokeKey of={open.key} onClose={done} />}
      {secret && (
        <Secret
          title={t("keys.secret", { name: secret.key.name })}
          text={secret.text}
          fileName={`${secret.key.prefix}.key`}
          onClose={() => setSecret(null)}
        />
      )}
    </Card>
  );
}
