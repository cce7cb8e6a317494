import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ChoiceField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import { nameOf, type Webhook } from "./webhooks.ts";

const CHANGE_OVERS = ["0", "1", "24"] as const;

interface Props {
  of: Webhook;
  onMade: (one: Webhook, secret: string) => void;
  onClose: () => void;
}

/** Another secret; until the receiver knows it, the old one may sign as well. */
export function RotateSecret({ of, onMade, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [after, setAfter] = useState<string>("24");
  const go = () =>
    run(async () => {
      const hours = after === "24" ? 24 : after === "1" ? 1 : 0;
      const { webhook, secret } = await api.call("POST /admin/webhooks/{id}/secret", {
        path: { id: of.id },
        body: { change_over_hours: hours },
      });
      onMade(webhook, secret);
    });
  return (
    <Sheet title={t("webhooks.rotate.title", { name: nameOf(of) })} onClose={onClose} asks={false}>
      <p>{t("webhooks.rotate.text")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <ChoiceField
        label={t("webhooks.rotate.when")}
        value={after}
        options={CHANGE_OVERS.map((value) => ({ value, label: t(`keys.after.${value}`) }))}
        onChange={setAfter}
      />
      <FormActions>
        <Button autoFocus onPress={onClose}>
          {t("common.cancel")}
        </Button>
        <Button look="primary" isPending={busy} onPress={() => void go()}>
          {t("webhooks.rotate")}
        </Button>
      </FormActions>
    </Sheet>
  );
}
