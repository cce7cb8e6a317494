import { ProblemError, toProblem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { LANGUAGE_NAMES, LANGUAGES } from "@offhook/ui/i18n/language.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useProblemWords, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CheckField, SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import styles from "./People.module.css";
import { ROLES } from "./people.ts";
import {
  type Template,
  templateBody,
  templateDraft,
  type TemplateField,
  wrongField,
} from "./templates.ts";

/** What few need is folded up. */
const MORE: readonly string[] = ["desk_number", "device_id", "mailbox_number", "auth_user"];

interface Props {
  /** null: a new one. */
  template: Template | null;
  sites: readonly { id: string; name: string }[];
  onClose: () => void;
}

export function TemplateSheet({ template, sites, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const may = useMay();
  const word = useWord();
  const words = useProblemWords();
  const edit = useEdit({
    thing: template,
    draftOf: (one) => templateDraft(one, sites[0]?.id ?? ""),
    again: () => api.call("GET /admin/people-templates/{id}", { path: { id: template?.id ?? "" } }),
  });
  const { draft } = edit;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ field: TemplateField | null; text: string } | null>(null);
  const [more, setMore] = useState(false);
  const field = (name: TemplateField) => ({
    value: draft[name],
    onChange: (value: string) => edit.set(name, value),
    error: wrong?.field === name ? wrong.text : undefined,
  });

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await edit.save(async (one) => {
        const body = templateBody(draft);
        if (one) {
          const change = { path: { id: one.id }, body, ifMatch: one.version };
          await api.call("PUT /admin/people-templates/{id}", change);
        } else await api.call("POST /admin/people-templates", { body });
      });
      tell(t("common.saved"));
      onClose();
    } catch (error) {
      const problem = toProblem(error);
      const found = wrongField(error instanceof ProblemError ? error.details : {});
      const unfit = problem.code === "invalid" && found !== null;
      setWrong({ field: found, text: unfit ? t("templates.unfit") : words(problem) });
      if (found !== null && MORE.includes(found)) setMore(true);
      setBusy(false);
    }
  };

  return (
    <Sheet title={template?.name ?? t("templates.new")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {wrong && <Note kind="danger">{wrong.text}</Note>}
        <Conflict
          edit={edit}
          labels={{
            name: t("people.name"),
            default: t("templates.default"),
            role: t("people.role"),
            department: t("people.department"),
            language: t("people.language"),
            site: t("people.site"),
            first_number: t("templates.first"),
            last_number: t("templates.last"),
            desk_number: t("people.deskNumber"),
            device_id: t("people.device"),
            mailbox_number: t("people.mailbox"),
            auth_user: t("people.authUser"),
          }}
          show={(name, value) =>
            name === "site"
              ? (sites.find(({ id }) => id === value)?.name ?? value)
              : name === "role"
                ? word("role", value)
                : value
          }
        />
        <TextField label={t("people.name")} {...field("name")} autoFocus required />
        <CheckField checked={draft.default} onChange={(value) => edit.set("default", value)}>
          {t("templates.default.text")}
        </CheckField>
        <FormPair>
          <SelectField
            label={t("people.role")}
            {...field("role")}
            disabled={!may("roles.write")}
            hint={t("templates.role.hint")}
            options={ROLES.filter((role) => role !== "operator").map((value) => ({
              value,
              label: t(`role.${value}`),
            }))}
          />
          <SelectField
            label={t("people.language")}
            {...field("language")}
            options={[
              { value: "", label: t("people.language.tenant") },
              ...LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value], lang: value })),
            ]}
          />
        </FormPair>
        <TextField label={t("people.department")} {...field("department")} />
        <h3>{t("people.line")}</h3>
        <SelectField
          label={t("people.site")}
          {...field("site")}
          options={[
            { value: "", label: t("templates.noSite") },
            ...sites.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <FormPair>
          <TextField
            label={t("templates.first")}
            {...field("first_number")}
            inputMode="tel"
            hint={t("templates.range.hint")}
          />
          <TextField label={t("templates.last")} {...field("last_number")} inputMode="tel" />
        </FormPair>
        <details open={more} onToggle={(event) => setMore(event.currentTarget.open)}>
          <summary>{t("people.more")}</summary>
          <p className={styles.pattern}>{t("templates.pattern")}</p>
          <FormPair>
            <TextField label={t("people.deskNumber")} {...field("desk_number")} />
            <TextField label={t("people.mailbox")} {...field("mailbox_number")} />
            <TextField label={t("people.device")} {...field("device_id")} />
            <TextField label={t("people.authUser")} {...field("auth_user")} />
          </FormPair>
        </details>
        <FormActions>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" type="submit" isPending={busy}>
            {t("common.save")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
