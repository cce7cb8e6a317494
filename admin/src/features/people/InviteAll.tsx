import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useRef, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";

/** Everybody without an invitation: some at a time, until nobody is left or somebody stops it. */
export function InviteAll({ onClose }: { onClose: (changed: boolean) => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [sent, setSent] = useState<number | null>(null);
  const [left, setLeft] = useState(0);
  const stopped = useRef(false);

  const go = () => {
    stopped.current = false;
    return run(async () => {
      for (;;) {
        const answer = await api.call("POST /admin/people/invite", { body: { all_new: true } });
        setSent((before) => (before ?? 0) + answer.sent);
        setLeft(answer.remaining);
        if (answer.remaining === 0 || answer.sent === 0 || stopped.current) return;
      }
    });
  };
  const over = sent !== null && !busy;

  return (
    <Sheet
      title={t("people.inviteAll.title")}
      dismissable={!busy}
      onClose={() => onClose(sent !== null)}
    >
      {!busy && !over && <p>{t("people.inviteMany.text")}</p>}
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {busy && sent !== null && (
        <Progress label={t("many.running")} done={sent} total={sent + left} />
      )}
      {over && (
        <Note kind={left > 0 ? "warn" : "ok"}>
          {t("people.invited", { count: sent })}
          {left > 0 && ` ${t("people.invited.left", { count: left })}`}
        </Note>
      )}
      <FormActions>
        {busy && sent !== null ? (
          <Button
            onPress={() => {
              stopped.current = true;
            }}
          >
            {t("many.stop")}
          </Button>
        ) : (
          <Button isDisabled={busy} onPress={() => onClose(sent !== null)}>
            {t(over ? "common.done" : "common.cancel")}
          </Button>
        )}
        {!over && (
          <Button look="primary" isPending={busy} onPress={() => void go()}>
            {t("people.invite")}
          </Button>
        )}
      </FormActions>
    </Sheet>
  );
}
