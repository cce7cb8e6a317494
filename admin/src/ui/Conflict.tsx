import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useT } from "../i18n/I18n.tsx";
import styles from "./Conflict.module.css";
import { FormActions } from "./Form.tsx";
import type { Difference, Draft, Edit } from "./useEdit.ts";

interface Props<T, D extends Draft> {
  edit: Edit<T, D>;
  labels: Readonly<Record<keyof D, string>>;
  /** A value as people read it, where it is not what is typed. */
  show?: (field: keyof D, value: string) => string;
}

/** Somebody else was faster: what is different now, and whose counts. Stands in the form. */
export function Conflict<T, D extends Draft>({ edit, labels, show }: Props<T, D>) {
  const t = useT();
  const { differences } = edit;
  if (differences === null) return null;
  const own = differences.some(({ mine }) => mine !== null);
  const words = (field: string, value: string | boolean) => {
    // What is secret is not shown, only that it differs.
    if (/(password|secret)$/.test(field) && value !== "") return "••••";
    if (typeof value === "boolean") return t(value ? "conflict.yes" : "conflict.no");
    const shown = show ? show(field, value) : value;
    return shown === "" ? "–" : shown;
  };
  const line = ({ field, theirs, mine }: Difference) =>
    mine === null
      ? t("conflict.theirs", { theirs: words(field, theirs) })
      : t("conflict.both", { theirs: words(field, theirs), mine: words(field, mine) });
  return (
    <Note kind="warn" live={false}>
      <p>{t(own ? "conflict.text" : "conflict.none")}</p>
      {differences.length > 0 && (
        <dl className={styles.list}>
          {differences.map((one) => (
            <div key={one.field}>
              <dt>{labels[one.field]}</dt>
              <dd>{line(one)}</dd>
            </div>
          ))}
        </dl>
      )}
      {own && (
        <FormActions>
          <Button onPress={edit.takeTheirs}>{t("conflict.take")}</Button>
          <Button look="primary" type="submit">
            {t("conflict.mine")}
          </Button>
        </FormActions>
      )}
    </Note>
  );
}
