import { ProblemError, toProblem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { DropZone } from "react-aria-components/DropZone";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { FormattedMessage } from "react-intl";
import { useApi, useMay, useMe } from "../../app/context.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { SelectField } from "../../ui/Fields.tsx";
import { FormPair } from "../../ui/Form.tsx";
import { Card } from "../../ui/Page.tsx";
import { Said } from "../../ui/Said.tsx";
import { keepText } from "../../ui/download.ts";
import { Columns } from "./Columns.tsx";
import { ENCODINGS, faultsOf, type FileFault, SEPARATORS, typed } from "./imports.ts";
import styles from "./Imports.module.css";
import { type Choices, type FileColumns, mappingOf, remember } from "./mapping.ts";

const SAMPLE =
  "email;name;number;department\r\nanna@example.com;Anna König;101;Sales\r\n" +
  "berta@example.com;Berta Schulz;102;Support\r\n";

export function Upload({ onPlan }: { onPlan: (id: string) => void }) {
  const t = useT();
  const api = useApi();
  const may = useMay();
  const words = useProblemWords();
  const [encoding, setEncoding] = useState<(typeof ENCODINGS)[number]>("auto");
  const [separator, setSeparator] = useState<(typeof SEPARATORS)[number]>("auto");
  const [site, setSite] = useState("");
  const [template, setTemplate] = useState("");
  const { tenant } = useMe();
  const [opened, setOpened] = useState<{ file: File; columns: FileColumns } | null>(null);
  const [reading, setReading] = useState<string | null>(null);
  const [wrong, setWrong] = useState<{ text: string; faults: FileFault[] } | null>(null);
  const sites = useQuery({ queryKey: ["sites"], queryFn: () => api.call("GET /admin/sites") });
  const places = sites.data?.items ?? [];
  const templates = useQuery({
    queryKey: ["people-templates", "names"],
    enabled: may("people.write"),
    queryFn: () => api.call("GET /admin/people-templates"),
  });

  const attempt = async (file: File, work: () => Promise<void>) => {
    setReading(file.name);
    setWrong(null);
    try {
      await work();
    } catch (error) {
      const details = error instanceof ProblemError ? error.details : {};
      setWrong({ text: words(toProblem(error)), faults: faultsOf(details) });
    } finally {
      setReading(null);
    }
  };

  const send = (file: File, mapping: Choices = {}) =>
    attempt(file, async () => {
      const query = {
        filename: file.name.slice(0, 200),
        encoding,
        separator,
        ...(site === "" ? {} : { site }),
        ...(template === "" ? {} : { template }),
        ...(Object.keys(mapping).length === 0 ? {} : { mapping: JSON.stringify(mapping) }),
      };
      onPlan((await api.call("POST /admin/imports", { query, file: typed(file) })).id);
    });

  const look = (file: File) =>
    attempt(file, async () => {
      const query = { encoding, separator };
      const found = await api.call("POST /admin/imports/columns", { query, file: typed(file) });
      // JSON says itself what is what.
      if (found.format === "json") await send(file);
      else setOpened({ file, columns: found });
    });

  const problem = wrong && (
    <Note kind="danger">
      <p>{wrong.text}</p>
      <ul>
        {wrong.faults.map((fault, index) => (
          <li key={index}>
            {fault.row === null ? (
              <Said>{fault.reason}</Said>
            ) : (
              <FormattedMessage
                id="import.fault"
                values={{
                  row: fault.row,
                  column: fault.column ?? "",
                  reason: <Said>{fault.reason}</Said>,
                }}
              />
            )}
          </li>
        ))}
      </ul>
    </Note>
  );

  if (opened) {
    const { file, columns } = opened;
    return (
      <>
        {problem}
        <Columns
          name={file.name}
          file={columns}
          busy={reading !== null}
          onGo={(choices) => {
            remember(tenant.id, columns, choices);
            void send(file, mappingOf(columns, choices));
          }}
          onBack={() => {
            setOpened(null);
            setWrong(null);
          }}
        />
      </>
    );
  }
  return (
    <Card title={t("import.choose")}>
      <DropZone
        className={styles.drop ?? ""}
        aria-label={t("import.drop")}
        isDisabled={reading !== null}
        onDrop={(event) => {
          const dropped = event.items.find((item) => item.kind === "file");
          if (dropped) void dropped.getFile().then(look);
        }}
      >
        <Icon name="upload" size={30} />
        <p>{reading === null ? t("import.drop") : t("import.reading", { file: reading })}</p>
        <FileTrigger
          acceptedFileTypes={[".csv", ".txt", ".json", "text/csv", "application/json"]}
          onSelect={(files) => {
            const file = files?.[0];
            if (file) void look(file);
          }}
        >
          <Button look="primary" isPending={reading !== null}>
            {t("import.pick")}
          </Button>
        </FileTrigger>
      </DropZone>
      {problem}
      <details>
        <summary>{t("import.options")}</summary>
        <FormPair>
          <SelectField
            label={t("import.encoding")}
            value={encoding}
            options={ENCODINGS.map((value) => ({ value, label: t(`encoding.${value}`) }))}
            onChange={(next) => setEncoding(ENCODINGS.find((one) => one === next) ?? "auto")}
          />
          <SelectField
            label={t("import.separator")}
            value={separator}
            options={SEPARATORS.map((value) => ({ value, label: t(`separator.${value}`) }))}
            onChange={(next) => setSeparator(SEPARATORS.find((one) => one === next) ?? "auto")}
          />
          <SelectField
            label={t("import.site")}
            value={site}
            options={[
              { value: "", label: t("import.site.file") },
              ...places.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={setSite}
          />
          <SelectField
            label={t("import.template")}
            value={template}
            options={[
              { value: "", label: t("import.site.file") },
              ...(templates.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={setTemplate}
          />
        </FormPair>
      </details>
      <p className={styles.hint}>
        {t("import.columns")}{" "}
        <Button look="quiet" icon="download" onPress={() => keepText(SAMPLE, "people.csv")}>
          {t("import.sample")}
        </Button>
      </p>
    </Card>
  );
}
