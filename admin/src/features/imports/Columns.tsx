import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useMe } from "../../app/context.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { SelectField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Card } from "../../ui/Page.tsx";
import { Table } from "../../ui/Table.tsx";
import styles from "./Imports.module.css";
import { type Choices, chosenTwice, type FileColumns, firstChoices } from "./mapping.ts";

interface Props {
  name: string;
  file: FileColumns;
  busy: boolean;
  onGo: (choices: Choices) => void;
  onBack: () => void;
}

/** What each column of the file is: guessed, shown with some of its cells, and changed by hand. */
export function Columns({ name, file, busy, onGo, onBack }: Props) {
  const t = useT();
  const word = useWord();
  const { tenant } = useMe();
  const [choices, setChoices] = useState(() => firstChoices(file, tenant.id));
  const twice = chosenTwice(choices);
  const noAddress = !Object.values(choices).includes("email");
  const options = [
    { value: "", label: t("columns.leaveOut") },
    ...file.fields.map((value) => ({ value, label: word("field", value) })),
  ];
  return (
    <Card title={t("columns.title", { file: name })}>
      <p>{t("columns.intro")}</p>
      <Table
        label={t("columns.title", { file: name })}
        rows={file.columns}
        keyOf={(column) => column.name}
        columns={[
          { title: t("columns.theirs"), cell: (column) => column.name },
          {
            title: t("columns.samples"),
            cell: ({ samples }) => <span className={styles.samples}>{samples.join(" · ")}</span>,
          },
          {
            title: t("columns.ours"),
            cell: (column) => (
              <SelectField
                quiet
                label={t("columns.of", { column: column.name })}
                value={choices[column.name] ?? ""}
                options={options}
                onChange={(field) => setChoices({ ...choices, [column.name]: field })}
              />
            ),
          },
        ]}
      />
      {noAddress && <Note kind="warn">{t("columns.noAddress")}</Note>}
      {twice.length > 0 && (
        <Note kind="warn">
          {t("columns.twice", { fields: twice.map((field) => word("field", field)).join(", ") })}
        </Note>
      )}
      <FormActions>
        <Button onPress={onBack}>{t("import.another")}</Button>
        <Button
          look="primary"
          isPending={busy}
          isDisabled={noAddress || twice.length > 0}
          onPress={() => onGo(choices)}
        >
          {t("columns.go")}
        </Button>
      </FormActions>
    </Card>
  );
}
