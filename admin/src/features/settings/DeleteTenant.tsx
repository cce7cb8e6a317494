import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Card } from "../../ui/Page.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";

/** Everything of the company, after a time of grace; whoever does it types its name. */
export function DeleteTenant({ name }: { name: string }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const go = async () => {
    const done = await run(() => api.call("POST /admin/tenant/delete", { body: { name: typed } }));
    // Nobody of the company is signed in any more.
    if (done) await api.session.signOut().catch(() => undefined);
  };
  return (
    <Card title={t("settings.delete")}>
      <p>{t("settings.delete.text")}</p>
      <FormActions>
        <Button look="danger" onPress={() => setOpen(true)}>
          {t("settings.delete.go")}
        </Button>
      </FormActions>
      {open && (
        <Sheet title={t("settings.delete")} onClose={() => setOpen(false)}>
          <p>{t("settings.delete.text")}</p>
          {problem !== null && <Note kind="danger">{problem}</Note>}
          <TextField
            label={t("settings.delete.type", { name })}
            value={typed}
            onChange={setTyped}
            autoFocus
          />
          <FormActions>
            <Button onPress={() => setOpen(false)}>{t("common.cancel")}</Button>
            <Button
              look="danger"
              isPending={busy}
              isDisabled={typed !== name}
              onPress={() => void go()}
            >
              {t("settings.delete.go")}
            </Button>
          </FormActions>
        </Sheet>
      )}
    </Card>
  );
}
