import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";
import { hrefOf, show, usePlace } from "../../app/route.ts";
import { useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Card, Page } from "../../ui/Page.tsx";
import { Table } from "../../ui/Table.tsx";
import { Plan } from "./Plan.tsx";
import { Upload } from "./Upload.tsx";

/** Many people at once: a file becomes a plan, and only a plan that was looked at is applied. */
export default function Imports() {
  const { id } = usePlace();
  return id === "" ? <Start /> : <Plan key={id} id={id} />;
}

function Start() {
  const t = useT();
  const api = useApi();
  const when = useWhen();
  const word = useWord();
  const list = useQuery({ queryKey: ["imports"], queryFn: () => api.call("GET /admin/imports") });
  const imports = list.data?.items ?? [];
  return (
    <Page title={t("nav.import")} intro={t("import.intro")}>
      <Upload onPlan={(plan) => show("import", plan)} />
      <Card title={t("import.before")}>
        {imports.length > 0 ? (
          <Table
            label={t("import.before")}
            rows={imports}
            keyOf={(one) => one.id}
            columns={[
              {
                title: t("import.file"),
                cell: (one) => <a href={hrefOf("import", one.id)}>{one.filename}</a>,
              },
              { title: t("import.at"), whole: true, cell: (one) => when(one.created_at) },
              { title: t("import.state"), cell: (one) => word("importState", one.state) },
              { title: t("import.rows"), number: true, cell: (one) => one.total },
            ]}
          />
        ) : (
          <ListState
            status={list.isPending ? "loading" : list.isError ? "error" : "done"}
            icon="upload"
            empty={t("import.none")}
            onRetry={() => void list.refetch()}
          />
        )}
      </Card>
      <p>
        <Button look="quiet" icon="people" onPress={() => show("people")}>
          {t("import.toPeople")}
        </Button>
      </p>
    </Page>
  );
}
