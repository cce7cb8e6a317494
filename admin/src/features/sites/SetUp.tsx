import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { keepText } from "../../ui/download.ts";
import { Card } from "../../ui/Page.tsx";
import styles from "./Sites.module.css";

/** Three steps to a connector that runs; folded where there is one: it may move to another machine. */
export function SetUp({ id, first }: { id: string; first: boolean }) {
  const t = useT();
  const [open, setOpen] = useState(first);
  return (
    <Card title={t("sites.setUp")}>
      {first ? (
        <Steps id={id} />
      ) : (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t("sites.setUp.again")}</summary>
          {open && <Steps id={id} />}
        </details>
      )}
    </Card>
  );
}

function Steps({ id }: { id: string }) {
  const t = useT();
  const api = useApi();
  const install = useQuery({
    queryKey: ["install", id],
    queryFn: () => api.call("GET /admin/sites/{id}/install", { path: { id } }),
  });
  const { data } = install;
  return (
    <>
      {install.isError && !data && (
        <ListState status="error" empty="" onRetry={() => void install.refetch()} />
      )}
      <ol className={styles.steps}>
        <li>{t("sites.setUp.key")}</li>
        <li>
          {t("sites.setUp.file")}{" "}
          {data && (
            <Button icon="download" onPress={() => keepText(data.config, data.file_name)}>
              {t("sites.setUp.download")}
            </Button>
          )}
        </li>
        <li>
          {t("sites.setUp.start")}
          {data && (
            <>
              <code className={styles.command} tabIndex={0}>
                {data.command}
              </code>
              <CopyButton text={data.command} />
            </>
          )}
        </li>
      </ol>
    </>
  );
}
