import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { hrefOf } from "../../app/route.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import { State } from "../../ui/State.tsx";
import { toneOf, useConnector } from "./connector.ts";
import { Details } from "./Details.tsx";
import { KeyCard } from "./KeyCard.tsx";
import { Layers } from "./Layers.tsx";
import { Releases } from "./Releases.tsx";
import { SetUp } from "./SetUp.tsx";
import { SiteSheet } from "./SiteSheet.tsx";
import { TestCallCard } from "./TestCallCard.tsx";

/** One site: does its line to us work, which layer is broken, what is to be done. */
export function ConnectorPage({ id }: { id: string }) {
  const t = useT();
  const word = useWord();
  const api = useApi();
  const may = useMay();
  const [editing, setEditing] = useState(false);
  const status = useConnector(id);
  const site = useQuery({
    queryKey: ["sites", id],
    queryFn: () => api.call("GET /admin/sites/{id}", { path: { id } }),
  });
  const { data } = status;
  return (
    <Page
      title={site.data?.name ?? t("nav.sites")}
      intro={<a href={hrefOf("sites")}>{t("sites.all")}</a>}
      actions={
        may("sites.write") &&
        site.data && (
          <Button icon="edit" onPress={() => setEditing(true)}>
            {t("sites.edit")}
          </Button>
        )
      }
    >
      {data ? (
        <>
          <Card
            title={t("sites.connector")}
            actions={<State tone={toneOf(data.state)}>{word("link", data.state)}</State>}
          >
            <Layers layers={data.layers} />
          </Card>
          {may("keys.read") && <SetUp id={id} first={data.state === "not_set_up"} />}
          {may("keys.read") && <KeyCard status={data} refresh={() => void status.refetch()} />}
          {may("connector.test") && <TestCallCard site={id} />}
          <Details status={data} />
          <Releases status={data} />
        </>
      ) : (
        <ListState
          status={status.isError ? "error" : "loading"}
          empty=""
          onRetry={() => void status.refetch()}
        />
      )}
      {editing && site.data && (
        <SiteSheet
          site={site.data}
          onClose={() => {
            setEditing(false);
            void site.refetch();
          }}
        />
      )}
    </Page>
  );
}
