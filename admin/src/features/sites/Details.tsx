import { Note } from "@offhook/ui/Note.tsx";
import { useDay, useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Card, Facts } from "../../ui/Page.tsx";
import { Said } from "../../ui/Said.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import type { Status } from "./connector.ts";

/** Versions, certificates and room; whatever of it needs a hand stands out. */
export function Details({ status }: { status: Status }) {
  const t = useT();
  const word = useWord();
  const day = useDay();
  const { versions, certificates, capacity } = status;
  return (
    <>
      <Card title={t("sites.details")}>
        {capacity.warnings.map((code) => (
          <Note key={code} kind="warn" live={false}>
            {word("capacity", code)}
          </Note>
        ))}
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
            [
              t("sites.licences"),
              capacity.ip_licences === null
                ? "–"
                : t("sites.of", { used: capacity.lines, all: capacity.ip_licences }),
            ],
          ]}
        />
      </Card>
      <Unregistered status={status} />
      <Installations status={status} />
      <Troubles status={status} />
    </>
  );
}

function Unregistered({ status: { unregistered } }: { status: Status }) {
  const t = useT();
  if (unregistered.length === 0) return null;
  return (
    <Card title={t("sites.unregistered")}>
      <Table
        label={t("sites.unregistered")}
        rows={unregistered}
        keyOf={(line) => line.number}
        columns={[
          { title: t("people.number"), cell: (line) => line.number },
          { title: t("people.name"), cell: (line) => line.name },
          { title: t("sites.detail"), cell: (line) => <Said>{line.detail}</Said> },
        ]}
      />
    </Card>
  );
}

function Installations({ status: { installations } }: { status: Status }) {
  const t = useT();
  const when = useWhen();
  if (installations.length === 0) return null;
  return (
    <Card title={t("sites.installations")}>
      <Table
        label={t("sites.installations")}
        rows={installations}
        keyOf={(one) => one.instance}
        columns={[
          { title: t("sites.instance"), cell: (one) => <code>{one.instance}</code> },
          { title: t("sites.version.connector"), cell: (one) => one.version },
          { title: t("sites.lastSeen"), cell: (one) => when(one.last_seen) },
          {
            title: t("keys.state"),
            cell: (one) => (
              <State tone={one.connected ? "ok" : "quiet"}>
                {t(one.connected ? "sites.connected" : "sites.gone")}
              </State>
            ),
          },
        ]}
      />
    </Card>
  );
}

function Troubles({ status: { errors } }: { status: Status }) {
  const t = useT();
  const when = useWhen();
  const word = useWord();
  if (errors.length === 0) return null;
  return (
    <Card title={t("sites.errors")}>
      <Table
        label={t("sites.errors")}
        rows={errors.map((error, index) => ({ ...error, index }))}
        keyOf={(error) => String(error.index)}
        columns={[
          { title: t("audit.at"), cell: (error) => when(error.at) },
          { title: t("sites.layer"), cell: (error) => word("layer", error.layer) },
          { title: t("sites.detail"), cell: (error) => <Said>{error.detail}</Said> },
        ]}
      />
    </Card>
  );
}
