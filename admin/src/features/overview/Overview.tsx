import type { Reply } from "@offhook/sdk/api";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { useQuery } from "@tanstack/react-query";
import { useApi, useMay } from "../../app/context.ts";
import { hrefOf, type Params } from "../../app/route.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import { State, type Tone } from "../../ui/State.tsx";
import { NewTerms } from "../settings/Terms.tsx";
import { toneOf } from "../sites/connector.ts";
import { FirstSteps } from "./FirstSteps.tsx";
import { News } from "./News.tsx";
import styles from "./Overview.module.css";

type View = Reply<"GET /admin/overview">;

const POLL_MS = 15_000;
const VERDICTS: Record<string, Tone> = {
  good: "ok",
  setting_up: "quiet",
  attention: "warn",
  down: "danger",
};
const SEVERITIES: Record<string, Tone> = { critical: "danger", warning: "warn", hint: "quiet" };
const TARGETS: Record<string, string> = {
  people: "people",
  connector: "sites",
  keys: "keys",
  tenant: "settings",
  webhooks: "webhooks",
};
const FILTERS: Record<string, Params> = {
  people_not_invited: { state: "new" },
  invitations_expired: { state: "invited" },
};

/** Does it work? If not, what is to be done? */
export default function Overview() {
  const t = useT();
  const api = useApi();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const view = useQuery({
    queryKey: ["overview"],
    queryFn: () => api.call("GET /admin/overview", { query: { time_zone: timeZone } }),
    refetchInterval: POLL_MS,
  });
  return (
    <Page title={t("nav.overview")}>
      {view.data ? (
        <Whole view={view.data} />
      ) : (
        <ListState
          status={view.isError ? "error" : "loading"}
          empty=""
          onRetry={() => void view.refetch()}
        />
      )}
    </Page>
  );
}

function Whole({ view }: { view: View }) {
  const t = useT();
  const word = useWord();
  const may = useMay();
  const { users, calls, connectors, todo } = view;
  return (
    <>
      <p className={styles.verdict} data-tone={VERDICTS[view.verdict]} role="status">
        <Icon name={view.verdict === "good" ? "check" : "alert"} size={28} />
        {word("verdict", view.verdict)}
      </p>
      {todo.some(({ code }) => code === "terms_outdated") && <NewTerms accepted={null} />}
      <News />
      <FirstSteps view={view} />
      <div className={styles.tiles}>
        <Tile
          href={may("people.read") ? hrefOf("people") : null}
          big={t("overview.ready", { ready: users.ready, total: users.total })}
          title={t("overview.users")}
          small={t("overview.users.not", {
            invited: users.invited,
            fresh: users.new,
            numberless: users.without_number,
          })}
        />
        <Tile
          href={null}
          big={String(calls.today)}
          title={t("overview.calls")}
          small={t("overview.calls.of", {
            now: calls.now,
            answered: calls.answered,
            missed: calls.missed,
            failed: calls.failed,
          })}
        />
        <Tile
          href={may("connector.read") ? hrefOf("sites") : null}
          big={t("overview.working", {
            working: connectors.filter(({ state }) => toneOf(state) === "ok").length,
            total: connectors.length,
          })}
          title={t("overview.connectors")}
          small={connectors
            .filter(({ state }) => toneOf(state) !== "ok")
            .map(({ site, state }) => `${site}: ${word("link", state)}`)
            .join(", ")}
        />
        <Tile
          href={null}
          big={String(todo.length)}
          title={t("overview.todo")}
          small={
            view.licences.total === null
              ? ""
              : t("overview.licences", { used: view.licences.used, total: view.licences.total })
          }
        />
      </div>
      <Card title={t("overview.todo")}>
        {todo.length === 0 ? (
          <p>{t("overview.nothing")}</p>
        ) : (
          <ul className={styles.todo}>
            {todo.map((one) => (
              <li key={one.code}>
                <State tone={SEVERITIES[one.severity] ?? "quiet"}>
                  {word("severity", one.severity)}
                </State>
                <div className={styles.words}>
                  <Todo item={one} />
                  {one.names.length > 0 && (
                    <span className={styles.small}>{one.names.join(", ")}</span>
                  )}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}

function Todo({ item }: { item: View["todo"][number] }) {
  const word = useWord();
  const words = word("todo", item.code);
  const page = item.target === null ? undefined : TARGETS[item.target];
  return page === undefined ? (
    <span>{words}</span>
  ) : (
    <a href={hrefOf(page, "", FILTERS[item.code] ?? {})}>
      {item.count > 1 ? `${words} (${item.count})` : words}
    </a>
  );
}

interface TileProps {
  href: string | null;
  title: string;
  big: string;
  small: string;
}

function Tile({ href, title, big, small }: TileProps) {
  const inside = (
    <>
      <span className={styles.tileTitle}>{title}</span>
      <span className={styles.big}>{big}</span>
      <span className={styles.small}>{small}</span>
    </>
  );
  return href === null ? (
    <div className={styles.tile}>{inside}</div>
  ) : (
    <a className={styles.tile} href={href}>
      {inside}
    </a>
  );
}
