import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import { type Inviting, INVITING, leaving, uninvited, useInviting } from "./inviting.ts";

/** Everybody without an invitation: the server does it, this shows how far it is. */
export function InviteAll({ onClose }: { onClose: (changed: boolean) => void }) {
  const t = useT();
  const api = useApi();
  const client = useQueryClient();
  const { busy, problem, run } = useWork();
  const { data: job } = useInviting();
  const [seen, setSeen] = useState(false);
  const running = job?.state === "running";
  if (running && !seen) setSeen(true);

  const ask = (work: () => Promise<Inviting>) =>
    run(async () => {
      client.setQueryData(INVITING, await work());
      setSeen(true);
    });
  const go = () => ask(() => api.call("POST /admin/people/invite", { body: { all_new: true } }));
  const stop = () => ask(() => api.call("DELETE /admin/people/invite"));

  return (
    <Sheet title={t("people.inviteAll.title")} dismissable onClose={() => onClose(seen)}>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {job?.mail === "not_configured" && <Note kind="warn">{t("todo.mail_not_configured")}</Note>}
      {!seen && <p>{t("people.inviteMany.text")}</p>}
      {running && (
        <>
          <Progress label={t("people.inviting")} done={job.sent + job.left_out} total={job.total} />
          <p>{t("import.leave")}</p>
        </>
      )}
      {seen && job && !running && <Outcome job={job} />}
      {seen && job && leaving(job) > 0 && (
        <p role="status">{t("people.letters", { count: leaving(job) })}</p>
      )}
      <FormActions>
        {running && (
          <Button isPending={busy} onPress={() => void stop()}>
            {t("many.stop")}
          </Button>
        )}
        <Button onPress={() => onClose(seen)}>
          {t(running ? "common.close" : seen ? "common.done" : "common.cancel")}
        </Button>
        {!running && (!seen || (job && uninvited(job) > 0)) && (
          <Button look="primary" isPending={busy} onPress={() => void go()}>
            {t(seen ? "many.goOn" : "people.invite")}
          </Button>
        )}
      </FormActions>
    </Sheet>
  );
}

function Outcome({ job }: { job: Inviting }) {
  const t = useT();
  const left = uninvited(job);
  const words = [
    ...(job.mail === "not_configured" ? [] : [t("people.invited", { count: job.sent })]),
    ...(job.left_out > 0 ? [t("many.invite.left", { count: job.left_out })] : []),
    ...(left > 0 ? [t("people.invited.left", { count: left })] : []),
  ];
  if (words.length === 0) return null;
  return (
    <Note kind={job.state === "failed" ? "danger" : left > 0 ? "warn" : "ok"}>
      {words.join(" ")}
    </Note>
  );
}
