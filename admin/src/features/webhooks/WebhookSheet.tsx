import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import type { SubmitEvent } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Conflict } from "../../ui/Conflict.tsx";
import { CheckField, TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useEdit } from "../../ui/useEdit.ts";
import { useWork } from "../../ui/useWork.ts";
import { EVENT_GROUPS, eventsOf, nameOf, type Webhook, withEvent } from "./webhooks.ts";

interface Props {
  one: Webhook | null;
  /** Of a new one: its secret, this once. */
  onMade: (one: Webhook, secret: string) => void;
  onClose: () => void;
}

function draftOf(one: Webhook | null) {
  return {
    url: one?.url ?? "",
    description: one?.description ?? "",
    events: one?.events.join(" ") ?? "",
  };
}

export function WebhookSheet({ one, onMade, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const edit = useEdit({
    thing: one,
    draftOf,
    again: async () =>
      one && (await api.call("GET /admin/webhooks/{id}", { path: { id: one.id } })),
  });
  const { url, description, events } = edit.draft;
  const chosen = eventsOf(events);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { url: url.trim(), description: description.trim(), events: chosen };
    await run(() =>
      edit.save(async (now) => {
        if (now === null) {
          const { webhook, secret } = await api.call("POST /admin/webhooks", { body });
          onMade(webhook, secret);
          return;
        }
        await api.call("PUT /admin/webhooks/{id}", {
          path: { id: now.id },
          body: { ...body, paused: now.state !== "active" },
          ifMatch: now.version,
        });
        tell(t("common.saved"));
        onClose();
      }),
    );
  };

  return (
    <Sheet title={one ? nameOf(one) : t("webhooks.new")} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {problem !== null && <Note kind="danger">{problem}</Note>}
        <Conflict
          edit={edit}
          labels={{
            url: t("webhooks.url"),
            description: t("webhooks.description"),
            events: t("webhooks.events"),
          }}
          show={(field, value) =>
            field === "events"
              ? eventsOf(value)
                  .map((event) => t(`hookEvent.${event}`))
                  .join(", ")
              : value
          }
        />
        <TextField
          label={t("webhooks.url")}
          hint={t("webhooks.url.hint")}
          value={url}
          onChange={(value) => edit.set("url", value)}
          maxLength={2048}
          autoFocus
          required
        />
        <TextField
          label={t("webhooks.description")}
          hint={t("webhooks.description.hint")}
          value={description}
          onChange={(value) => edit.set("description", value)}
          maxLength={200}
        />
        {EVENT_GROUPS.map(([group, members]) => (
          <fieldset key={group}>
            <legend>{t(`hookGroup.${group}`)}</legend>
            {members.map((event) => (
              <CheckField
                key={event}
                checked={chosen.includes(event)}
                onChange={(on) => edit.set("events", withEvent(events, event, on))}
              >
                {t(`hookEvent.${event}`)}
              </CheckField>
            ))}
          </fieldset>
        ))}
        <FormActions>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            look="primary"
            type="submit"
            isPending={busy}
            isDisabled={url.trim() === "" || chosen.length === 0}
          >
            {t(one ? "common.save" : "webhooks.make")}
          </Button>
        </FormActions>
      </form>
    </Sheet>
  );
}
