import { ProblemError, toProblem } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { LANGUAGE_NAMES, LANGUAGES } from "@offhook/ui/i18n/language.ts";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useProblemWords, useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CheckField, SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Facts } from "../../ui/Page.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { bodyOf, type Draft, type DraftField, draftOf, fieldOf } from "./draft.ts";
import { type Person, ROLES } from "./people.ts";
import { changesOf, filled, type Template, useTemplates, withNumber } from "./templates.ts";

interface Site {
  id: string;
  name: string;
}

interface Props {
  /** null: a new one. */
  id: string | null;
  sites: readonly Site[];
  onClose: (changed: boolean) => void;
}

export function PersonSheet({ id, sites, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const person = useQuery({
    queryKey: ["person", id],
    enabled: id !== null,
    // Another one's change since then is told by the version; what is typed is not overwritten.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: () => api.call("GET /admin/people/{id}", { path: { id: id ?? "" } }),
  });
  const templates = useTemplates(id === null);
  const title = id === null ? t("people.new") : (person.data?.name ?? t("people.edit"));
  return (
    <Sheet title={title} onClose={() => onClose(false)}>
      {(id === null ? !templates.isPending : person.data) ? (
        <PersonForm
          person={person.data ?? null}
          // Without them one can do as well.
          templates={templates.data?.items ?? []}
          again={async () => (await templates.refetch()).data?.items ?? []}
          sites={sites}
          onClose={onClose}
        />
      ) : (
        <ListState
          status={person.isError ? "error" : "loading"}
          empty=""
          onRetry={() => void person.refetch()}
        />
      )}
    </Sheet>
  );
}

interface FormProps {
  person: Person | null;
  /** None where somebody is changed. */
  templates: readonly Template[];
  /** As they are now. */
  again: () => Promise<readonly Template[]>;
  sites: readonly Site[];
  onClose: (changed: boolean) => void;
}

function PersonForm({ person, templates, again, sites, onClose }: FormProps) {
  const t = useT();
  const api = useApi();
  const may = useMay();
  const words = useProblemWords();
  const when = useWhen();
  const word = useWord();
  const firstSite = sites[0]?.id ?? "";
  const [template, setTemplate] = useState(templates.find((one) => one.default) ?? null);
  const edit = useEdit({
    thing: person,
    draftOf: (one) =>
      one ? draftOf(one, firstSite) : filled(draftOf(null, firstSite), null, template, firstSite),
    again: () => api.call("GET /admin/people/{id}", { path: { id: person?.id ?? "" } }),
  });
  const { draft } = edit;
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ field: DraftField | null; text: string } | null>(null);
  const mayWrite = may("people.write");
  const take = (next: Draft) => {
    for (const [name, value] of changesOf(draft, next)) edit.set(name, value);
  };
  const field = (name: DraftField) => ({
    value: draft[name],
    onChange: (value: string) => edit.set(name, value),
    disabled: !mayWrite,
    error: wrong?.field === name ? wrong.text : undefined,
  });

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await edit.save(async (one) => {
        const body = bodyOf(draft, one);
        if (one) {
          const options = { path: { id: one.id }, body, ifMatch: one.version };
          await api.call("PUT /admin/people/{id}", options);
        } else {
          await api.call("POST /admin/people", { body: { ...body, invite: draft.invite } });
        }
      });
      tell(t("people.saved", { name: draft.name }));
      onClose(true);
    } catch (error) {
      const details = error instanceof ProblemError ? error.details : {};
      const problem = toProblem(error);
      const next = problem.code === "number_taken" ? await nextNumber() : null;
      setWrong({
        field: fieldOf(details),
        text:
          next === null ? words(problem) : t("people.number.next", { number: draft.number, next }),
      });
      setBusy(false);
    }
  };

  /** The number that the template gave is somebody's by now: the one after it. */
  const nextNumber = async (): Promise<string | null> => {
    if (draft.number !== template?.next_number) return null;
    const now = (await again()).find(({ id }) => id === template.id);
    const next = now?.next_number ?? draft.number;
    if (!now || next === draft.number) return null;
    take(filled(draft, template, now, firstSite));
    setTemplate(now);
    return next;
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {wrong && <Note kind="danger">{wrong.text}</Note>}
      {templates.length > 0 && (
        <SelectField
          label={t("people.template")}
          value={template?.id ?? ""}
          options={[
            { value: "", label: t("people.template.none") },
            ...templates.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(id) => {
            const next = templates.find((one) => one.id === id) ?? null;
            take(filled(draft, template, next, firstSite));
            setTemplate(next);
          }}
        />
      )}
      <Conflict
        edit={edit}
        labels={{
          name: t("people.name"),
          email: t("people.email"),
          role: t("people.role"),
          department: t("people.department"),
          language: t("people.language"),
          site: t("people.site"),
          number: t("people.number"),
          desk_number: t("people.deskNumber"),
          device_id: t("people.device"),
          mailbox_number: t("people.mailbox"),
          auth_user: t("people.authUser"),
          auth_password: t("people.authPassword"),
          invite: t("people.inviteNow"),
        }}
        show={(name, value) =>
          name === "site"
            ? (sites.find(({ id }) => id === value)?.name ?? value)
            : name === "role"
              ? word("role", value)
              : value
        }
      />
      <TextField label={t("people.name")} {...field("name")} autoFocus={person === null} required />
      <TextField label={t("people.email")} type="email" {...field("email")} required />
      <FormPair>
        <SelectField
          label={t("people.role")}
          {...field("role")}
          disabled={!may("roles.write")}
          options={ROLES.filter((role) => role !== "operator" || draft.role === "operator").map(
            (value) => ({ value, label: t(`role.${value}`) }),
          )}
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
      {sites.length === 0 ? (
        <Note kind="info" live={false}>
          {t("people.noSite")}
        </Note>
      ) : (
        <>
          <FormPair>
            <SelectField
              label={t("people.site")}
              {...field("site")}
              options={sites.map(({ id, name }) => ({ value: id, label: name }))}
            />
            <TextField
              label={t("people.number")}
              {...field("number")}
              onChange={(number) => take(withNumber(draft, template, number))}
              inputMode="tel"
              hint={t(
                template?.first_number && template.next_number === null
                  ? "problem.range_used_up"
                  : "people.number.hint",
              )}
            />
          </FormPair>
          <details>
            <summary>{t("people.more")}</summary>
            <FormPair>
              <TextField label={t("people.deskNumber")} {...field("desk_number")} inputMode="tel" />
              <TextField label={t("people.mailbox")} {...field("mailbox_number")} inputMode="tel" />
              <TextField label={t("people.device")} {...field("device_id")} />
              <TextField label={t("people.authUser")} {...field("auth_user")} />
              <TextField
                label={t("people.authPassword")}
                type="password"
                autoComplete="new-password"
                {...field("auth_password")}
                hint={person?.line?.has_password ? t("people.authPassword.keep") : undefined}
              />
            </FormPair>
          </details>
        </>
      )}
      {person ? (
        <Facts
          rows={[
            [t("people.state"), word("personState", person.state)],
            [t("people.source"), word("source", person.source)],
            [
              t("people.lastSignIn"),
              person.last_sign_in === null ? t("common.never") : when(person.last_sign_in),
            ],
          ]}
        />
      ) : (
        may("people.invite") && (
          <CheckField checked={draft.invite} onChange={(invite) => edit.set("invite", invite)}>
            {t("people.inviteNow")}
          </CheckField>
        )
      )}
      <FormActions>
        <Button onPress={() => onClose(false)}>{t("common.cancel")}</Button>
        {mayWrite && (
          <Button look="primary" type="submit" isPending={busy}>
            {t("common.save")}
          </Button>
        )}
      </FormActions>
    </form>
  );
}
