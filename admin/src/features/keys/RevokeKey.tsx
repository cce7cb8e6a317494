import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import type { Key } from "./keys.ts";

export function RevokeKey({ of, onClose }: { of: Pick<Key, "id" | "name">; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  return (
    <Confirm
      title={t("keys.revoke.title", { name: of.name })}
      text={t("keys.revoke.text")}
      confirm={t("keys.revoke")}
      work={() => api.call("DELETE /admin/keys/{id}", { path: { id: of.id } })}
      onClose={onClose}
    />
  );
}
