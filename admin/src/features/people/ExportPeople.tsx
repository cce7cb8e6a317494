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
  const t = useT();
  const api = useApi();
  const words = useProblemWords();
  const [busy, setBusy] = useState(false);
  const get = async () => {
    setBusy(true);
    try {
      keepFile(await api.download("GET /admin/people.csv", { query: filter }), "people.csv");
    } catch (error) {
      tell(words(toProblem(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon="download" isPending={busy} onPress={() => void get()}>
      {t("common.csv")}
    </Button>
  );
}
