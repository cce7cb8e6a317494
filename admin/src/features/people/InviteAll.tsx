import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useEffect, useRef, useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import { patiently, Stopped } from "./patiently.ts";

/** Everybody without an invitation: some at a time, until nobody is left or somebody stops it. */
export function InviteAll({ onClose }: { onClose: (changed: boolean) => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const [sent, setSent] = useState<number | null>(null);
  const [left, setLeft] = useState(0);
  const [waits, setWaits] = useState<number | null>(null);
  const stopping = useRef(new AbortController());
  // Whoever has left this page, or has signed out of it, invites nobody any more.
  useEffect(() => () => stopping.current.abort(), []);

  const invite = async (stop: AbortSignal) => {
    const some = () => api.call("POST /admin/people/invite", { body: { all_new: true } });
    for (;;) {
      const answer = await patiently(some, stop, setWaits);
      setSent((before) => (before ?? 0) + answer.sent);
      setLeft(answer.remaining);
      if (answer.remaining === 0 || answer.sent === 0) return;
    }
  };
  const go = () => {
    stopping.current = new AbortController();
    return run(async () => {
      try {
        await invite(stopping.current.signal);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
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
      {busy && (sent !== null || waits !== null) && (
        <Progress
          label={
            waits === null ? t("many.running") : t("many.waiting", { seconds: Math.ceil(waits) })
          }
          done={sent ?? 0}
          total={(sent ?? 0) + left}
        />
      )}
      {over && (
        <Note kind={left > 0 ? "warn" : "ok"}>
          {t("people.invited", { count: sent })}
          {left > 0 && ` ${t("people.invited.left", { count: left })}`}
        </Note>
      )}
      <FormActions>
        {busy ? (
          <Button onPress={() => stopping.current.abort()}>{t("many.stop")}</Button>
        ) : (
          <Button onPress={() => onClose(sent !== null)}>
            {t(over ? "common.done" : "common.cancel")}
          </Button>
        )}
        {(!over || left > 0) && (
          <Button look="primary" isPending={busy} onPress={() => void go()}>
            {t(over ? "many.goOn" : "people.invite")}
          </Button>
        )}
      </FormActions>
    </Sheet>
  );
}
