import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { useDay, useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ApiDocs } from "../../ui/ApiDocs.tsx";
import { Page } from "../../ui/Page.tsx";
import { RowMenu } from "../../ui/RowMenu.tsx";
import { Secret } from "../../ui/Secret.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { isLive, type Key, TONES } from "./keys.ts";
import { NewKey } from "./NewKey.tsx";
import { RegenerateKey } from "./RegenerateKey.tsx";
import { RevokeKey } from "./RevokeKey.tsx";

type Open = { kind: "new" } | { kind: "regenerate" | "revoke"; key: Key } | null;

/** What machines sign in with. */
export default function Keys() {
  const t = useT();
  const api = useApi();
  const mayWrite = useMay()("keys.write");
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<{ key: Key; text: string } | null>(null);
  const list = useInfiniteQuery({
    queryKey: ["keys"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api.call("GET /admin/keys", { query: { cursor: pageParam } }),
    getNextPageParam: (page) => page.next_cursor,
  });
  const keys = list.data?.pages.flatMap((page) => page.items) ?? [];
  const made = (key: Key, text: string) => {
    setOpen(null);
    setSecret({ key, text });
    void list.refetch();
  };

  return (
    <Page
      title={t("nav.keys")}
      intro={<ApiDocs intro={t("keys.intro")} />}
      actions={
        mayWrite && (
          <Button look="primary" icon="add" onPress={() => setOpen({ kind: "new" })}>
            {t("keys.new")}
          </Button>
        )
      }
    >
      {keys.length > 0 ? (
        <KeyTable keys={keys} onAct={mayWrite ? setOpen : null} />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="key"
          empty={t("keys.empty")}
          hint={t("keys.empty.hint")}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.hasNextPage && (
        <Button onPress={() => void list.fetchNextPage()}>{t("common.more")}</Button>
      )}
      {open?.kind === "new" && (
        <NewKey
          scopes={list.data?.pages[0]?.scopes ?? []}
          onMade={made}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.kind === "regenerate" && (
        <RegenerateKey of={open.key} onMade={made} onClose={() => setOpen(null)} />
      )}
      {open?.kind === "revoke" && (
        <RevokeKey
          of={open.key}
          onClose={() => {
            setOpen(null);
            void list.refetch();
          }}
        />
      )}
      {secret && (
        <Secret
          title={t("keys.secret", { name: secret.key.name })}
          text={secret.text}
          fileName={`${secret.key.prefix}.key`}
          onClose={() => setSecret(null)}
        />
      )}
    </Page>
  );
}

function KeyTable({ keys, onAct }: { keys: Key[]; onAct: ((open: Open) => void) | null }) {
  const t = useT();
  const word = useWord();
  const when = useWhen();
  const day = useDay();
  return (
    <Table
      label={t("nav.keys")}
      rows={keys}
      keyOf={(key) => key.id}
      columns={[
        { title: t("keys.name"), cell: (key) => key.name },
        {
          title: t("keys.for"),
          cell: (key) =>
            key.kind === "connector"
              ? t("keys.forSite", { site: key.site?.name ?? "" })
              : key.scopes.map((scope) => word("scope", scope)).join(", "),
        },
        { title: t("keys.prefix"), whole: true, cell: (key) => <code>{key.prefix}…</code> },
        {
          title: t("keys.state"),
          cell: (key) => <State tone={TONES[key.state]}>{word("keyState", key.state)}</State>,
        },
        {
          title: t("keys.lastUsed"),
          whole: true,
          cell: (key) => (key.last_used === null ? t("common.never") : when(key.last_used)),
        },
        {
          title: t("keys.expires"),
          whole: true,
          cell: (key) => (key.expires_at === null ? t("common.never") : day(key.expires_at)),
        },
        {
          title: "",
          cell: (key) => (
            <RowMenu
              label={t("common.actions", { name: key.name })}
              acts={
                onAct && isLive(key)
                  ? [
                      ...(key.replaced_by === null
                        ? [
                            {
                              id: "regenerate",
                              label: t("keys.regenerate"),
                              work: () => onAct({ kind: "regenerate", key }),
                            },
                          ]
                        : []),
                      {
                        id: "revoke",
                        label: t("keys.revoke"),
                        danger: true,
                        work: () => onAct({ kind: "revoke", key }),
                      },
                    ]
                  : []
              }
            />
          ),
        },
      ]}
    />
  );
}
