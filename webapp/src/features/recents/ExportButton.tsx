import { toProblem, type Problem } from "@offhook/sdk";
import { useState } from "react";
import { useIntl } from "react-intl";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";

/** The whole history, whatever the list shows, as a file that the local spreadsheet understands. */
export function ExportButton() {
  const t = useT();
  const phone = usePhone();
  const words = useProblemWords();
  const { locale } = useIntl();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const query = {
        separator: separatorOf(locale),
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      };
      const file = await phone.rest.download("GET /journal.csv", { query }, phone.session);
      saveAs(file, t("recents.export.file"));
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Button isDisabled={busy} onPress={() => void save()}>
        {t(busy ? "recents.export.busy" : "recents.export")}
      </Button>
      {problem && <Note kind="danger">{words(problem)}</Note>}
    </>
  );
}

/** Where a comma parts whole from fraction, spreadsheets part cells by semicolons. */
function separatorOf(locale: string): "comma" | "semicolon" {
  return (1.5).toLocaleString(locale).includes(",") ? "semicolon" : "comma";
}

function saveAs(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
