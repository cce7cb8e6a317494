import type { Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import { RowMenu } from "../../ui/RowMenu.tsx";
import { Table } from "../../ui/Table.tsx";
import { AnnouncementSheet } from "./AnnouncementSheet.tsx";

export type Announcement = Reply<"GET /admin/announcements">["items"][number];

/** To whom: the own company, or every company of the platform. */
export type Reach = "admin" | "operator";

/** What people are told at the top of their page. */
export default function Announcements() {
  const t = useT();
  const may = useMay();
  return (
    <Page title={t("nav.announcements")} intro={t("news.intro")}>
      <List reach="admin" title={t("news.own")} />
      {may("platform") && <List reach="operator" title={t("news.platform")} />}
    </Page>
  );
}

type Open = { kind: "new" } | { kind: "edit" | "remove"; one: Announcement } | null;

function List({ reach, title }: { reach: Reach; title: string }) {
  const t = useT();
  const api = useApi();
  const when = useWhen();
  const word = useWord();
  const [open, setOpen] = useState<Open>(null);
  const list = useInfiniteQuery({
    queryKey: ["announcements", reach],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call(reach === "admin" ? "GET /admin/announcements" : "GET /operator/announcements", {
        query: pageParam === null ? {} : { cursor: pageParam },
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const close = () => {
    setOpen(null);
    void list.refetch();
  };
  return (
    <Card
      title={title}
      actions={
        <Button icon="add" onPress={() => setOpen({ kind: "new" })}>
          {t("news.new")}
        </Button>
      }
    >
      {items.length > 0 ? (
        <Table
          label={title}
          rows={items}
          keyOf={(one) => one.id}
          columns={[
            { title: t("news.title"), cell: (one) => one.title },
            { title: t("news.kind"), cell: (one) => word("newsKind", one.kind) },
            { title: t("news.audience"), cell: (one) => word("audience", one.audience) },
            { title: t("news.from"), whole: true, cell: (one) => when(one.shown_from) },
            { title: t("news.until"), whole: true, cell: (one) => when(one.shown_until) },
            {
              title: "",
              cell: (one) => (
                <RowMenu
                  label={t("common.actions", { name: one.title })}
                  acts={[
                    {
                      id: "edit",
                      label: t("common.edit"),
                      work: () => setOpen({ kind: "edit", one }),
                    },
                    {
                      id: "remove",
                      label: t("common.remove"),
                      danger: true,
                      work: () => setOpen({ kind: "remove", one }),
                    },
                  ]}
                />
              ),
            },
          ]}
        />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="bell"
          empty={t("news.none")}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.hasNextPage && (
        <Button onPress={() => void list.fetchNextPage()}>{t("common.more")}</Button>
      )}
      {open?.kind === "new" && <AnnouncementSheet reach={reach} one={null} onClose={close} />}
      {open?.kind === "edit" && <AnnouncementSheet reach={reach} one={open.one} onClose={close} />}
      {open?.kind === "remove" && (
        <Confirm
          title={t("news.remove.title", { title: open.one.title })}
          text={t("news.remove.text")}
          confirm={t("common.remove")}
          work={() =>
            api.call(
              reach === "admin"
                ? "DELETE /admin/announcements/{id}"
                : "DELETE /operator/announcements/{id}",
              { path: { id: open.one.id } },
            )
          }
          onClose={close}
        />
      )}
    </Card>
  );
}
