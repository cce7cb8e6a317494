import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import type { Open, Tenant } from "./Tenants.tsx";

/** Locking a company out, letting it in again, and ending it. */
export function Closing({ open, onClose }: { open: Open; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  switch (open?.kind) {
    case "resume":
      return (
        <Confirm
          title={t("tenants.resume.title", { name: open.tenant.name })}
          text={t("tenants.resume.text")}
          confirm={t("tenants.resume")}
          work={() =>
            api.call("POST /operator/tenants/{id}/resume", { path: { id: open.tenant.id } })
          }
          onClose={onClose}
        />
      );
    case "suspend":
    case "delete":
      return <Ending kind={open.kind} tenant={open.tenant} onClose={onClose} />;
    default:
      return null;
  }
}

interface EndingProps {
  kind: "suspend" | "delete";
  tenant: Tenant;
  onClose: () => void;
}

function Ending({ kind, tenant, onClose }: EndingProps) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [text, setText] = useState("");
  const path = { id: tenant.id };
  const ready = kind === "suspend" ? text.trim() !== "" : text === tenant.name;
  const go = () =>
    run(async () => {
      await (kind === "suspend"
        ? api.call("POST /operator/tenants/{id}/suspend", { path, body: { why: text.trim() } })
        : api.call("POST /operator/tenants/{id}/delete", { path, body: { name: text } }));
      tell(t(`tenants.${kind}.done`, { name: tenant.name }));
      onClose();
    });
  return (
    <Sheet title={t(`tenants.${kind}.title`, { name: tenant.name })} onClose={onClose}>
      <p>{t(`tenants.${kind}.text`)}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <TextField
        label={
          kind === "suspend" ? t("common.why") : t("settings.delete.type", { name: tenant.name })
        }
        value={text}
        onChange={setText}
        autoFocus
      />
      <FormActions>
        <Button onPress={onClose}>{t("common.cancel")}</Button>
        <Button look="danger" isPending={busy} isDisabled={!ready} onPress={() => void go()}>
          {t(`tenants.${kind}`)}
        </Button>
      </FormActions>
    </Sheet>
  );
}
