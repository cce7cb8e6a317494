import type { Reply } from "@offhook/sdk/api";
import { toProblem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { I18nContext } from "@offhook/ui/i18n/language.ts";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useInfiniteQuery } from "@tanstack/react-query";
import { use, useDeferredValue } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { setParams, usePlace } from "../../app/route.ts";
import { useProblemWords, useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { keepFile } from "../../ui/download.ts";
import { SelectField, TextField } from "../../ui/Fields.tsx";
import { FormPair } from "../../ui/Form.tsx";
import { Page } from "../../ui/Page.tsx";
import { Table } from "../../ui/Table.tsx";
import { differences } from "./differences.ts";
import styles from "./Audit.module.css";
import { ACTS, useSaid } from "./said.ts";
import { Verify } from "./Verify.tsx";

type Entry = Reply<"GET /admin/audit">["items"][number];

/** A day as a person picks it, as an instant here. */
function instant(day: string | null, end: boolean): string | undefined {
  if (day === null || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  return new Date(`${day}T${end ? "23:59:59" : "00:00:00"}`).toISOString();
}

/** Who did what, to whom, when, from where. The filters stand in the address. */
export default function Audit() {
  const t = useT();
  const api = useApi();
  const words = useProblemWords();
  const word = useWord();
  const { language } = use(I18nContext);
  const { params } = usePlace();
  const text = (name: string) => params.get(name) ?? "";
  const since = instant(params.get("since"), false);
  const until = instant(params.get("until"), true);
  const filter = useDeferredValue({
    ...(text("who") === "" ? {} : { who: text("who") }),
    ...(text("action") === "" ? {} : { action: text("action") }),
    ...(text("target_id") === "" ? {} : { target_id: text("target_id") }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  });
  const list = useInfiniteQuery({
    queryKey: ["audit", filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call("GET /admin/audit", { query: { ...filter, cursor: pageParam, limit: 50 } }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  // A link may name the beginning of some.
  const named = text("action") === "" || ACTS.includes(text("action")) ? [] : [text("action")];
  const acts = [
    { value: "", label: t("common.all") },
    ...[...named, ...ACTS]
      .map((value) => ({ value, label: word("audit", value) }))
      .sort((one, other) => one.label.localeCompare(other.label, language)),
  ];
  const csv = async () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    try {
      const query = { ...filter, time_zone: timeZone };
      keepFile(await api.download("GET /admin/audit.csv", { query }), "audit.csv");
    } catch (error) {
      tell(words(toProblem(error)));
    }
  };
  return (
    <Page
      title={t("nav.audit")}
      intro={t("audit.intro")}
      actions={
        <>
          <Verify />
          <Button icon="download" onPress={() => void csv()}>
            {t("common.csv")}
          </Button>
        </>
      }
    >
      <FormPair>
        <TextField
          label={t("audit.who")}
          type="search"
          value={text("who")}
          onChange={(who) => setParams({ who })}
        />
        <SelectField
          label={t("audit.action")}
          value={text("action")}
          options={acts}
          onChange={(action) => setParams({ action })}
        />
        <TextField
          label={t("audit.since")}
          type="date"
          value={text("since")}
          onChange={(day) => setParams({ since: day })}
        />
        <TextField
          label={t("audit.until")}
          type="date"
          value={text("until")}
          onChange={(day) => setParams({ until: day })}
        />
      </FormPair>
      {entries.length > 0 ? (
        <Entries entries={entries} />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="recents"
          empty={t("audit.none")}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("common.more")}
        </Button>
      )}
    </Page>
  );
}

function Entries({ entries }: { entries: readonly Entry[] }) {
  const t = useT();
  const when = useWhen();
  const word = useWord();
  const said = useSaid();
  return (
    <Table
      label={t("nav.audit")}
      rows={entries}
      keyOf={(entry) => String(entry.number)}
      columns={[
        { title: t("audit.at"), whole: true, cell: (entry) => when(entry.at) },
        {
          title: t("audit.who"),
          cell: (entry) => (
            <div>
              {entry.who.name}
              <div className={styles.small}>
                {word("actor", entry.who.kind)}
                {entry.client_ip !== null && `, ${entry.client_ip}`}
              </div>
            </div>
          ),
        },
        { title: t("audit.action"), cell: (entry) => word("audit", entry.action) },
        { title: t("audit.target"), cell: (entry) => entry.target.name || entry.target.id },
        {
          title: t("audit.change"),
          cell: (entry) => (
            <ul className={styles.small}>
              {differences(entry.before, entry.after).map(({ name, before, after }) => (
                <li key={name}>
                  {`${said.name(name)}: `}
                  {before !== "" && `${said.value(name, before)} → `}
                  {said.value(name, after)}
                </li>
              ))}
              {entry.why !== "" && <li>{t("audit.why", { why: entry.why })}</li>}
            </ul>
          ),
        },
      ]}
    />
  );
}
