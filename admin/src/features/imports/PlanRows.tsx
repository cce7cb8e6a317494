import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import type { ACTIONS, Row } from "./imports.ts";
import styles from "./Imports.module.css";

interface Props {
  id: string;
  action: (typeof ACTIONS)[number];
}

/** What will become of each row, or why nothing can. */
export function PlanRows({ id, action }: Props) {
  const t = useT();
  const api = useApi();
  const list = useInfiniteQuery({
    queryKey: ["import-rows", id, action],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call("GET /admin/imports/{id}/rows", {
        path: { id },
        query: { action, limit: 100, cursor: pageParam },
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<Row>[] = [
    { title: t("import.row"), number: true, cell: (row) => row.number },
    { title: t("people.name"), cell: (row) => row.name },
    { title: t("people.email"), cell: (row) => row.email },
    {
      title: t(action === "error" ? "import.wrong" : "import.changes"),
      cell: (row) => (
        <ul>
          {[...row.faults, ...row.warnings].map((fault, index) => (
            <li key={index}>{`${fault.column}: ${fault.reason}`}</li>
          ))}
          {action !== "error" && <Changes changes={row.changes} />}
        </ul>
      ),
    },
  ];
  if (rows.length === 0) {
    return (
      <ListState
        status={list.isPending ? "loading" : list.isError ? "error" : "done"}
        icon="check"
        empty={t("import.noRows")}
        onRetry={() => void list.refetch()}
      />
    );
  }
  return (
    <>
      <Table
        label={t(`importAction.${action}`)}
        columns={columns}
        rows={rows}
        keyOf={(row) => String(row.number)}
      />
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </>
  );
}

function Changes({ changes }: { changes: Row["changes"] }) {
  const t = useT();
  const word = useWord();
  return Object.entries(changes).map(([field, [before, after]]) => (
    <li key={field} className={styles.change}>
      {word("field", field)}
      {": "}
      {before !== null && before !== "" && (
        <>
          <span className="visually-hidden">{t("import.was")}</span>
          <del>{before}</del>
          {" → "}
        </>
      )}
      <ins>{after === null || after === "" ? "–" : after}</ins>
    </li>
  ));
}
