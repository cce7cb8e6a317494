import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { hrefOf } from "../../app/route.ts";
import { useDay, useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Card, Facts, Page } from "../../ui/Page.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { type Status, toneOf, useConnector } from "./connector.ts";
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
          {may("keys.read") && data.state === "not_set_up" && <SetUp id={id} />}
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

function Details({ status }: { status: Status }) {
  const t = useT();
  const word = useWord();
  const day = useDay();
  const when = useWhen();
  const { versions, certificates, capacity, errors } = status;
  return (
    <>
      <Card title={t("sites.details")}>
        <Facts
          rows={[
            [t("sites.version.gateway"), versions.gateway],
            [t("sites.version.connector"), versions.connector === "" ? "–" : versions.connector],
            [
              t("sites.release"),
              `${versions.pbx_release === "" ? "–" : versions.pbx_release} (${word("compatibility", versions.compatibility)})`,
            ],
            ...certificates.map(
              (one) =>
                [
                  t("sites.certificate", { of: word("certificate", one.of) }),
                  t("sites.certificate.until", { day: day(one.not_after), days: one.days_left }),
                ] as const,
            ),
            [
              t("sites.calls"),
              capacity.channels === null
                ? String(capacity.calls)
                : t("sites.of", { used: capacity.calls, all: capacity.channels }),
            ],
            [
              t("sites.registered"),
              t("sites.of", { used: capacity.registered, all: capacity.lines }),
            ],
          ]}
        />
      </Card>
      {errors.length > 0 && (
        <Card title={t("sites.errors")}>
          <Table
            label={t("sites.errors")}
            rows={errors.map((error, index) => ({ ...error, index }))}
            keyOf={(error) => String(error.index)}
            columns={[
              { title: t("audit.at"), cell: (error) => when(error.at) },
              { title: t("sites.layer"), cell: (error) => word("layer", error.layer) },
              { title: t("sites.detail"), cell: (error) => error.detail },
            ]}
          />
        </Card>
      )}
    </>
  );
}
