import type { Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Facts } from "../../ui/Page.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";

type Verdict = Reply<"POST /admin/audit/verify">;

/** Each entry proves the one before it: has anybody changed one afterwards? */
export function Verify() {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const { busy, problem, run } = useWork();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [open, setOpen] = useState(false);
  const go = async () => {
    setOpen(true);
    setVerdict(null);
    await run(async () => setVerdict(await api.call("POST /admin/audit/verify", { body: {} })));
  };
  return (
    <>
      <Button icon="shield" isPending={busy} onPress={() => void go()}>
        {t("audit.verify")}
      </Button>
      {open && (verdict ?? problem) !== null && (
        <Sheet title={t("audit.verify")} onClose={() => setOpen(false)}>
          {problem !== null && <Note kind="danger">{problem}</Note>}
          {verdict?.whole === true && (
            <Note kind="ok">{t("audit.whole", { count: verdict.entries })}</Note>
          )}
          {verdict?.whole === false && (
            <Note kind="danger">
              {t("audit.broken", {
                number: verdict.first_broken ?? 0,
                fault: word("auditFault", verdict.fault ?? ""),
              })}
            </Note>
          )}
          {verdict && (
            <>
              <p>{t("audit.note")}</p>
              <Facts
                rows={[
                  [t("audit.last"), String(verdict.last)],
                  [t("audit.digest"), <code key="digest">{verdict.digest}</code>],
                ]}
              />
              <CopyButton text={`${verdict.last} ${verdict.digest}`} />
            </>
          )}
        </Sheet>
      )}
    </>
  );
}
