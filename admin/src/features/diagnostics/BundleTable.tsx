import { type Reply, toProblem } from "@offhook/sdk/api";
import { IconButton } from "@offhook/ui/Button.tsx";
import { useIntl } from "react-intl";
import { tell } from "../../app/notices.ts";
import { useDay, useProblemWords, useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { keepFile } from "../../ui/download.ts";
import { type Column, Table } from "../../ui/Table.tsx";
import styles from "./Diagnostics.module.css";

type Bundle = Reply<"GET /operator/tenants/{id}/diagnostics">["items"][number];

interface Props<B extends Bundle> {
  bundles: readonly B[];
  /** What else is known of them, around the page that they come from. */
  before?: readonly Column<B>[];
  behind?: readonly Column<B>[];
  load: (one: B) => Promise<Blob>;
}

/** Bundles, each with its file. */
export function BundleTable<B extends Bundle>(props: Props<B>) {
  const { bundles, before = [], behind = [], load } = props;
  const t = useT();
  const intl = useIntl();
  const when = useWhen();
  const day = useDay();
  const word = useWord();
  const words = useProblemWords();
  const keep = async (one: B) => {
    try {
      keepFile(await load(one), `diagnostics-${one.reference}.json`);
    } catch (error) {
      tell(words(toProblem(error)));
    }
  };
  return (
    <Table
      label={t("nav.diagnostics")}
      rows={bundles}
      keyOf={(one) => one.id}
      columns={[
        { title: t("diagnostics.at"), cell: (one) => when(one.created_at) },
        ...before,
        { title: t("diagnostics.page"), cell: (one) => word("diagnosticsSource", one.source) },
        ...behind,
        {
          title: t("diagnostics.reference"),
          cell: (one) => <span className={styles.reference}>{one.reference}</span>,
        },
        {
          title: t("diagnostics.size"),
          number: true,
          cell: (one) =>
            intl.formatNumber(Math.ceil(one.size / 1024), {
              style: "unit",
              unit: "kilobyte",
            }),
        },
        { title: t("diagnostics.until"), cell: (one) => day(one.kept_until) },
        {
          title: "",
          cell: (one) => (
            <IconButton
              icon="download"
              label={t("diagnostics.download", { reference: one.reference })}
              onPress={() => void keep(one)}
            />
          ),
        },
      ]}
    />
  );
}
