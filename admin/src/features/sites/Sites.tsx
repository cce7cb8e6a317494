import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { hrefOf, usePlace } from "../../app/route.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Page } from "../../ui/Page.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { toneOf } from "./connector.ts";
import { ConnectorPage } from "./ConnectorPage.tsx";
import { SiteSheet } from "./SiteSheet.tsx";

export default function Sites() {
  const { id } = usePlace();
  return id === "" ? <List /> : <ConnectorPage key={id} id={id} />;
}

function List() {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const list = useQuery({ queryKey: ["sites"], queryFn: () => api.call("GET /admin/sites") });
  const sites = list.data?.items ?? [];
  return (
    <Page
      title={t("nav.sites")}
      intro={t("sites.intro")}
      actions={
        may("sites.write") && (
          <Button look="primary" icon="add" onPress={() => setAdding(true)}>
            {t("sites.new")}
          </Button>
        )
      }
    >
      {sites.length > 0 ? (
        <Table
          label={t("nav.sites")}
          rows={sites}
          keyOf={(site) => site.id}
          columns={[
            {
              title: t("sites.name"),
              cell: (site) => <a href={hrefOf("sites", site.id)}>{site.name}</a>,
            },
            { title: t("sites.pbx"), cell: (site) => word("profile", site.profile) },
            { title: t("sites.lines"), number: true, cell: (site) => site.lines },
            {
              title: t("sites.connector"),
              cell: (site) => (
                <State tone={toneOf(site.connector)}>{word("link", site.connector)}</State>
              ),
            },
          ]}
        />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="line"
          empty={t("sites.empty")}
          hint={t("sites.empty.hint")}
          onRetry={() => void list.refetch()}
        />
      )}
      {adding && (
        <SiteSheet
          site={null}
          onClose={() => {
            setAdding(false);
            void list.refetch();
          }}
        />
      )}
    </Page>
  );
}
