import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { eventsOf, nameOf, type Webhook } from "./webhooks.ts";

/** Pauses what is active, resumes everything else. */
export function PauseWebhook({ of, onClose }: { of: Webhook; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const act = of.state === "active" ? "pause" : "resume";
  return (
    <Confirm
      title={t(`webhooks.${act}.title`, { name: nameOf(of) })}
      text={t(`webhooks.${act}.text`)}
      confirm={t(`webhooks.${act}`)}
      work={() =>
        api.call("PUT /admin/webhooks/{id}", {
          path: { id: of.id },
          body: {
            url: of.url,
            description: of.description,
            events: eventsOf(of.events.join(" ")),
            paused: act === "pause",
          },
          ifMatch: of.version,
        })
      }
      onClose={onClose}
    />
  );
}
