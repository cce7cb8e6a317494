import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { hrefOf, setParams, usePlace } from "../../app/route.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Page } from "../../ui/Page.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { ExportPeople } from "./ExportPeople.tsx";
import { Filters } from "./Filters.tsx";
import { Leaver } from "./Leaver.tsx";
import { filterOf, type Person, usePeople } from "./people.ts";
import { PersonSheet } from "./PersonSheet.tsx";
import { PeopleTable } from "./PeopleTable.tsx";
import { PlainActs, type PlainAct } from "./PlainActs.tsx";
import { Templates } from "./Templates.tsx";

export type Open =
  | { kind: "edit"; id: string }
  | { kind: "new" | "templates" }
  | { kind: "leave"; person: Person }
  | { kind: PlainAct; person: Person };

/** Everybody of the tenant: found, changed, invited, sent off. */
export default function People() {
  const t = useT();
  const api = useApi();
  const may = useMay();
  const { id, params } = usePlace();
  const filter = useDeferredValue(filterOf(params));
  const list = usePeople(filter);
  const [open, setOpen] = useState<Open | null>(id === "" ? null : { kind: "edit", id });
  const [chosen, setChosen] = useState<ReadonlyMap<string, Person>>(new Map());
  const sites = useQuery({ queryKey: ["sites"], queryFn: () => api.call("GET /admin/sites") });
  const filtered = Object.keys(filter).some((name) => name !== "sort");

  const close = useCallback(
    (changed: boolean) => {
      setOpen(null);
      if (changed) list.refresh();
    },
    [list],
  );
  const choose = useCallback((people: readonly Person[], on: boolean) => {
    setChosen((before) => {
      const next = new Map(before);
      for (const person of people) {
        if (on) next.set(person.id, person);
        else next.delete(person.id);
      }
      return next;
    });
  }, []);

  return (
    <Page
      title={t("nav.people")}
      intro={
        list.licences && list.licences.available !== null
          ? t("people.licences", {
              used: list.licences.used,
              available: list.licences.available,
            })
          : undefined
      }
      actions={
        <>
          {may("imports.write") && <a href={hrefOf("import")}>{t("people.import")}</a>}
          <ExportPeople filter={filter} />
          {may("people.write") && (
            <Button onPress={() => setOpen({ kind: "templates" })}>{t("templates.title")}</Button>
          )}
          {may("people.write") && (
            <Button look="primary" icon="add" onPress={() => setOpen({ kind: "new" })}>
              {t("people.new")}
            </Button>
          )}
        </>
      }
    >
      <Filters params={params} sites={sites.data?.items ?? []} total={list.total} />
      <BulkBar
        chosen={[...chosen.values()]}
        people={list.people}
        onDone={() => {
          setChosen(new Map());
          list.refresh();
        }}
      />
      {list.people.length > 0 ? (
        <PeopleTable
          people={list.people}
          total={list.total}
          more={list.more}
          sort={filter.sort ?? "name"}
          onSort={(sort) => setParams({ sort })}
          chosen={chosen}
          onChoose={choose}
          onOpen={setOpen}
        />
      ) : (
        <ListState
          status={list.status}
          icon="people"
          empty={t(filtered ? "people.none" : "people.empty")}
          {...(filtered ? {} : { hint: t("people.empty.hint") })}
          onRetry={list.refresh}
        />
      )}
      {open?.kind === "new" && (
        <PersonSheet id={null} sites={sites.data?.items ?? []} onClose={close} />
      )}
      {open?.kind === "templates" && (
        <Templates sites={sites.data?.items ?? []} onClose={() => close(false)} />
      )}
      {open?.kind === "edit" && (
        <PersonSheet key={open.id} id={open.id} sites={sites.data?.items ?? []} onClose={close} />
      )}
      {open?.kind === "leave" && <Leaver person={open.person} onClose={close} />}
      <PlainActs open={open} onClose={close} />
    </Page>
  );
}
