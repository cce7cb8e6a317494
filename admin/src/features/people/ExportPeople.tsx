import { Button } from "@offhook/ui/Button.tsx";
import { toProblem } from "@offhook/sdk/api";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { keepFile } from "../../ui/download.ts";
import type { PeopleFilter } from "./people.ts";

/** Those of the list, as a file that the import reads again. */
export function ExportPeople({ filter }: { filter: PeopleFilter }) {
  const api = useApi();
  return <ExportButton get={() => api.download("GET /admin/people.csv", { query: filter })} />;
}

/** The same of those who are chosen. */
export function ExportChosen({ ids }: { ids: string[] }) {
  const api = useApi();
  return <ExportButton get={() => api.download("POST /admin/people.csv", { body: { ids } })} />;
}

function ExportButton({ get }: { get: () => Promise<Blob> }) {
  const t = useT();
  const words = useProblemWords();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      keepFile(await get(), "people.csv");
    } catch (error) {
      tell(words(toProblem(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon="download" isPending={busy} onPress={() => void go()}>
      {t("common.csv")}
    </Button>
  );
}
