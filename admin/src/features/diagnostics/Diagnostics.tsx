import { type Reply, toProblem } from "@offhook/sdk/api";
import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useIntl } from "react-intl";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useDay, useProblemWords, useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { keepFile } from "../../ui/download.ts";
import { Page } from "../../ui/Page.tsx";
import { Table } from "../../ui/Table.tsx";
import styles from "./Diagnostics.module.css";
import { SendSheet } from "./SendSheet.tsx";

type Bundle = Reply<"GET /admin/diagnostics">["items"][number];

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
        <Bundles bundles={bundles} />
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

function Bundles({ bundles }: { bundles: readonly Bundle[] }) {
  const t = useT();
  const api = useApi();
  const intl = useIntl();
  const when = useWhen();
  const day = useDay();
  const word = useWord();
  const words = useProblemWords();
  const keep = async ({ id, reference }: Bundle) => {
    try {
      const file = await api.download("GET /admin/diagnostics/{id}", { path: { id } });
      keepFile(file, `diagnostics-${reference}.json`);
    } catch (error) {
      tell(words(toProblem(error)));
    }
  };
  return (
    <Table
      label={t("nav.diagnostics")}
      rows={bundles}
      keyOf={(one) => one.id}
      columns={[
        { title: t("diagnostics.at"), cell: (one) => when(one.created_at) },
        { title: t("diagnostics.from"), cell: (one) => one.sender.name },
        { title: t("diagnostics.page"), cell: (one) => word("diagnosticsSource", one.source) },
        {
          title: t("diagnostics.note"),
          cell: (one) => <span className={styles.note}>{one.note === "" ? "–" : one.note}</span>,
        },
        {
          title: t("diagnostics.reference"),
          cell: (one) => <span className={styles.reference}>{one.reference}</span>,
        },
        {
          title: t("diagnostics.size"),
          number: true,
          cell: (one) =>
            intl.formatNumber(Math.ceil(one.size / 1024), {
              style: "unit",
              unit: "kilobyte",
            }),
        },
        { title: t("diagnostics.until"), cell: (one) => day(one.kept_until) },
        {
          title: "",
          cell: (one) => (
            <IconButton
              icon="download"
              label={t("diagnostics.download", { reference: one.reference })}
              onPress={() => void keep(one)}
            />
          ),
        },
      ]}
    />
  );
}
