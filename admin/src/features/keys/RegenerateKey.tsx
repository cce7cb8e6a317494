import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ChoiceField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import { CHANGE_OVERS, type Key } from "./keys.ts";

interface Props {
  of: Pick<Key, "id" | "name"> & { site?: Key["site"] };
  onMade: (key: Key, text: string) => void;
  onClose: () => void;
}

/** Says what stops, and when. */
export function RegenerateKey({ of, onMade, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [after, setAfter] = useState<string>("0");
  const go = () =>
    run(async () => {
      const hours = after === "24" ? 24 : after === "1" ? 1 : 0;
      const { key, text } = await api.call("POST /admin/keys/{id}/regenerate", {
        path: { id: of.id },
        body: { change_over_hours: hours },
      });
      onMade(key, text);
    });
  return (
    <Sheet title={t("keys.regenerate.title", { name: of.name })} onClose={onClose}>
      <p>
        {of.site ? t("keys.regenerate.site", { site: of.site.name }) : t("keys.regenerate.text")}
      </p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      <ChoiceField
        label={t("keys.regenerate.when")}
        value={after}
        options={CHANGE_OVERS.map((value) => ({ value, label: t(`keys.after.${value}`) }))}
        onChange={setAfter}
      />
      <FormActions>
        <Button autoFocus onPress={onClose}>
          {t("common.cancel")}
        </Button>
        <Button look="danger" isPending={busy} onPress={() => void go()}>
          {t("keys.regenerate")}
        </Button>
      </FormActions>
    </Sheet>
  );
}
