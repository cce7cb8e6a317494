import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Page } from "../../ui/Page.tsx";
import { BundleTable } from "./BundleTable.tsx";
import styles from "./Diagnostics.module.css";
import { SendSheet } from "./SendSheet.tsx";

/** What people sent to be helped, for 30 days. */
export default function Diagnostics() {
  const t = useT();
  const api = useApi();
  const [sending, setSending] = useState(false);
  const list = useInfiniteQuery({
    queryKey: ["diagnostics"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call("GET /admin/diagnostics", {
        query: pageParam === null ? {} : { cursor: pageParam },
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
  const bundles = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t("nav.diagnostics")}
      intro={t("diagnostics.intro")}
      actions={
        <Button icon="upload" onPress={() => setSending(true)}>
          {t("diagnostics.send")}
        </Button>
      }
    >
      {bundles.length > 0 ? (
        <BundleTable
          bundles={bundles}
          before={[{ title: t("diagnostics.from"), cell: (one) => one.sender.name }]}
          behind={[
            {
              title: t("diagnostics.note"),
              cell: (one) => (
                <span className={styles.note}>{one.note === "" ? "–" : one.note}</span>
              ),
            },
          ]}
          load={({ id }) => api.download("GET /admin/diagnostics/{id}", { path: { id } })}
        />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="info"
          empty={t("diagnostics.none")}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
      {sending && (
        <SendSheet
          onClose={() => setSending(false)}
          onSent={() => {
            setSending(false);
            void list.refetch();
          }}
        />
      )}
    </Page>
  );
}
