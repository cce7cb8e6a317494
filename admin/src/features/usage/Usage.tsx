import { toProblem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useQuery } from "@tanstack/react-query";
import { useIntl } from "react-intl";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { keepFile } from "../../ui/download.ts";
import { Page } from "../../ui/Page.tsx";
import { Table } from "../../ui/Table.tsx";

/** How much was used, month by month. */
export default function Usage() {
  const t = useT();
  const api = useApi();
  const intl = useIntl();
  const words = useProblemWords();
  const usage = useQuery({ queryKey: ["usage"], queryFn: () => api.call("GET /admin/usage") });
  const months = usage.data?.items ?? [];
  const licences = usage.data?.licences;
  const csv = async () => {
    try {
      keepFile(await api.download("GET /admin/usage.csv"), "usage.csv");
    } catch (error) {
      tell(words(toProblem(error)));
    }
  };
  return (
    <Page
      title={t("nav.usage")}
      intro={
        licences
          ? licences.total === null
            ? t("usage.licences.free", { used: licences.used })
            : t("overview.licences", { used: licences.used, total: licences.total })
          : undefined
      }
      actions={
        <Button icon="download" onPress={() => void csv()}>
          {t("common.csv")}
        </Button>
      }
    >
      {months.length > 0 ? (
        <Table
          label={t("nav.usage")}
          rows={months}
          keyOf={(one) => one.month}
          columns={[
            {
              title: t("usage.month"),
              cell: (one) => intl.formatDate(`${one.month}-15`, { month: "long", year: "numeric" }),
            },
            {
              title: t("usage.users"),
              number: true,
              cell: (one) => intl.formatNumber(one.peak_users),
            },
            {
              title: t("usage.licences"),
              number: true,
              cell: (one) => (one.licences === null ? "" : intl.formatNumber(one.licences)),
            },
            { title: t("usage.calls"), number: true, cell: (one) => intl.formatNumber(one.calls) },
            {
              title: t("usage.answered"),
              number: true,
              cell: (one) => intl.formatNumber(one.answered),
            },
            {
              title: t("usage.minutes"),
              number: true,
              cell: (one) => intl.formatNumber(one.minutes),
            },
          ]}
        />
      ) : (
        <ListState
          status={usage.isPending ? "loading" : usage.isError ? "error" : "done"}
          icon="chart"
          empty={t("usage.none")}
          onRetry={() => void usage.refetch()}
        />
      )}
    </Page>
  );
}
