import type { Body } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { type SubmitEvent, useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CheckField, SelectField, TextField } from "../../ui/Fields.tsx";
import { FormActions, FormPair } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { useWork } from "../../ui/useWork.ts";
import type { Announcement, Reach } from "./Announcements.tsx";
import { fieldOf, instantOf } from "./times.ts";

type AnnouncementBody = Body<"POST /admin/announcements">;

const KINDS = ["maintenance", "update", "incident", "news"] as const;
const URGENCIES = ["scheduled", "unplanned", "emergency"] as const;
const AUDIENCES = ["everyone", "admins"] as const;
const WEEK_MS = 7 * 86_400_000;

interface Props {
  reach: Reach;
  one: Announcement | null;
  onClose: () => void;
}

function draftOf(one: Announcement | null) {
  return {
    title: one?.title ?? "",
    text: one?.text ?? "",
    kind: one?.kind ?? ("news" as const),
    urgency: one?.urgency ?? ("scheduled" as const),
    audience: one?.audience ?? ("everyone" as const),
    release: one?.release ?? "",
    starts: fieldOf(one?.starts_at ?? null),
    ends: fieldOf(one?.ends_at ?? null),
    from: fieldOf(one?.shown_from ?? null),
    until: fieldOf(one?.shown_until ?? new Date(Date.now() + WEEK_MS).toISOString()),
  };
}

export function AnnouncementSheet({ reach, one, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const word = useWord();
  const [mail, setMail] = useState(false);
  const edit = useEdit({
    thing: one,
    draftOf,
    again: async () => {
      const path = reach === "admin" ? "GET /admin/announcements" : "GET /operator/announcements";
      const { items } = await api.call(path, { query: { limit: 200 } });
      return items.find(({ id }) => id === one?.id) ?? one;
    },
  });
  const { kind, urgency, audience, ...draft } = edit.draft;
  const field = (name: keyof typeof draft) => ({
    value: draft[name],
    onChange: (value: string) => edit.set(name, value),
  });

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = (now: Announcement | null): AnnouncementBody => ({
      kind,
      urgency,
      audience,
      title: draft.title.trim(),
      text: draft.text.trim(),
      translations: now?.translations ?? {},
      release: kind === "update" ? draft.release.trim() : "",
      starts_at: instantOf(draft.starts),
      ends_at: instantOf(draft.ends),
      shown_from: instantOf(draft.from),
      shown_until: instantOf(draft.until) ?? new Date(Date.now() + WEEK_MS).toISOString(),
      mail,
    });
    await run(() =>
      edit.save(async (now) => {
        if (now) {
          const options = { path: { id: now.id }, body: body(now), ifMatch: now.version };
          await (reach === "admin"
            ? api.call("PUT /admin/announcements/{id}", options)
            : api.call("PUT /operator/announcements/{id}", options));
        } else {
          await api.call(
            reach === "admin" ? "POST /admin/announcements" : "POST /operator/announcements",
            { body: body(null) },
          );
        }
        tell(t("common.saved"));
        onClose();
      }),
    );
  };

  return (
    <Sheet title={one?.title ?? t("news.new")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <Conflict
          edit={edit}
          labels={{
            title: t("news.title"),
            text: t("news.text"),
            kind: t("news.kind"),
            urgency: t("news.urgency"),
            audience: t("news.audience"),
            release: t("news.release"),
            from: t("news.from"),
            until: t("news.until"),
            starts: t("news.starts"),
            ends: t("news.ends"),
          }}
          show={(name, value) =>
            name === "kind"
              ? word("newsKind", value)
              : name === "urgency" || name === "audience"
                ? word(name, value)
                : value
          }
        />
        <TextField label={t("news.title")} {...field("title")} maxLength={200} required autoFocus />
        <TextField label={t("news.text")} {...field("text")} lines={4} />
        <FormPair>
          <SelectField
            label={t("news.kind")}
            value={kind}
            options={KINDS.map((value) => ({ value, label: t(`newsKind.${value}`) }))}
            onChange={(next) => edit.set("kind", KINDS.find((value) => value === next) ?? "news")}
          />
          <SelectField
            label={t("news.urgency")}
            value={urgency}
            options={URGENCIES.map((value) => ({ value, label: t(`urgency.${value}`) }))}
            onChange={(next) =>
              edit.set("urgency", URGENCIES.find((value) => value === next) ?? "scheduled")
            }
          />
          <SelectField
            label={t("news.audience")}
            value={audience}
            options={AUDIENCES.map((value) => ({ value, label: t(`audience.${value}`) }))}
            onChange={(next) =>
              edit.set("audience", AUDIENCES.find((value) => value === next) ?? "everyone")
            }
          />
        </FormPair>
        {kind === "update" && (
          <TextField
            label={t("news.release")}
            hint={t("news.release.hint")}
            maxLength={40}
            {...field("release")}
          />
        )}
        <FormPair>
          <TextField
            label={t("news.from")}
            type="datetime-local"
            hint={t("news.from.hint")}
            {...field("from")}
          />
          <TextField label={t("news.until")} type="datetime-local" {...field("until")} />
          <TextField label={t("news.starts")} type="datetime-local" {...field("starts")} />
          <TextField label={t("news.ends")} type="datetime-local" {...field("ends")} />
        </FormPair>
        {!one && (
          <CheckField checked={mail} onChange={setMail}>
            {t("news.mail")}
          </CheckField>
        )}
        <FormActions>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            look="primary"
            type="submit"
            isPending={busy}
            isDisabled={draft.title.trim() === ""}
          >
            {t("common.save")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
