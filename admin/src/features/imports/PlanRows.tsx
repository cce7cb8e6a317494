import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Said } from "../../ui/Said.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { isEnd, type Row, type Tab } from "./imports.ts";
import styles from "./Imports.module.css";

interface Props {
  id: string;
  tab: Tab;
}

/** What will become of each row, or why nothing can; or why nothing did. */
export function PlanRows({ id, tab }: Props) {
  const t = useT();
  const api = useApi();
  const list = useInfiniteQuery({
    queryKey: ["import-rows", id, tab],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call("GET /admin/imports/{id}/rows", {
        path: { id },
        query: {
          ...(isEnd(tab) ? { state: tab } : { action: tab }),
          limit: 100,
          cursor: pageParam,
        },
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<Row>[] = [
    { title: t("import.row"), number: true, cell: (row) => row.number },
    { title: t("people.name"), cell: (row) => row.name },
    { title: t("people.email"), cell: (row) => row.email },
    {
      title: t(tab === "error" || isEnd(tab) ? "import.wrong" : "import.changes"),
      cell: (row) => (
        <ul>
          {[...row.faults, ...row.warnings].map((fault, index) => (
            <li key={index}>
              {`${fault.column}: `}
              <Fault code={fault.code} reason={fault.reason} />
            </li>
          ))}
          {tab !== "error" && <Changes changes={row.changes} />}
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
        label={isEnd(tab) ? t(`importTab.${tab}`) : t(`importAction.${tab}`)}
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

/** Codes whose words say all that the server's own say. */
const FAULTS: readonly string[] = [
  "email_invalid",
  "email_missing",
  "email_taken",
  "last_admin",
  "licences_used_up",
  "name_missing",
  "number_invalid",
  "number_taken",
  "range_used_up",
  "template_unknown",
];

function Fault({ code, reason }: { code: string; reason: string }) {
  const word = useWord();
  return FAULTS.includes(code) ? word("problem", code) : <Said>{reason}</Said>;
}

/** What a field holds, as people call it. */
function useValue(): (field: string, value: string) => string {
  const api = useApi();
  const word = useWord();
  const sites = useQuery({ queryKey: ["sites"], queryFn: () => api.call("GET /admin/sites") });
  return (field, value) => {
    if (field === "role" || field === "source") return word(field, value);
    if (field !== "site" && field !== "site_id") return value;
    return sites.data?.items.find(({ id }) => id === value)?.name ?? value;
  };
}

function Changes({ changes }: { changes: Row["changes"] }) {
  const t = useT();
  const word = useWord();
  const shown = useValue();
  return Object.entries(changes).map(([field, [before, after]]) => (
    <li key={field} className={styles.change}>
      {word("field", field)}
      {": "}
      {before ? (
        <>
          <span className="visually-hidden">{t("import.was")}</span>
          <del>{shown(field, before)}</del>
          {" → "}
        </>
      ) : null}
      <ins>{after ? shown(field, after) : "–"}</ins>
    </li>
  ));
}
