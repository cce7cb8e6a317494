import { Note } from "@offhook/ui/Note.tsx";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Card } from "../../ui/Page.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { COMPATIBILITY_TONES, type Status } from "./connector.ts";

/** Which releases of this phone system go with this release of ours; the site's own stands out. */
export function Releases({ status }: { status: Status }) {
  const t = useT();
  const word = useWord();
  const { site, versions } = status;
  const system = word("profile", site.profile);
  const own = majorOf(versions.pbx_release);
  return (
    <Card title={t("releases.title", { system, gateway: versions.gateway })}>
      {versions.newer_connector && (
        <Note kind="info" live={false}>
          {t("releases.newer", { gateway: versions.gateway, connector: versions.connector })}
        </Note>
      )}
      {versions.compatibility === "unsupported" && (
        <Note kind="warn" live={false}>
          {t("releases.unsupported", { system, release: versions.pbx_release })}
        </Note>
      )}
      {versions.compatibility === "unknown" && (
        <p>{t(versions.pbx_release === "" ? "releases.unnamed" : "releases.unknown")}</p>
      )}
      <Table
        label={t("releases.title", { system, gateway: versions.gateway })}
        rows={versions.releases}
        keyOf={({ offhook, release }) => `${offhook} ${release}`}
        columns={[
          {
            title: t("sites.release"),
            cell: ({ release }) =>
              majorOf(release) === own && own !== null ? (
                <strong>{t("releases.own", { release })}</strong>
              ) : (
                release
              ),
          },
          { title: "Offhook", cell: ({ offhook }) => offhook },
          {
            title: t("releases.verdict"),
            cell: ({ state }) => (
              <State tone={COMPATIBILITY_TONES[state]}>{word("compatibility", state)}</State>
            ),
          },
          { title: t("releases.note"), cell: ({ note }) => <span lang="en">{note}</span> },
        ]}
      />
    </Card>
  );
}

/** V3R2.1 is of V3, however it is written. */
function majorOf(release: string): number | null {
  const found = /^\s*v?(\d{1,3})(?!\d)/i.exec(release);
  return found ? Number(found[1]) : null;
}
