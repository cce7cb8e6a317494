import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Facts } from "../../ui/Page.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import { Outcome } from "./Outcome.tsx";
import type { Connection } from "./Providers.tsx";

const POLL_MS = 1_000;

/** A real sign-in at the provider, of which nothing comes but the answer to: would it work? */
export function TestSignIn({
  connection,
  onClose,
}: {
  connection: Connection;
  onClose: () => void;
}) {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const { busy, problem, run } = useWork();
  const [waiting, setWaiting] = useState<string | null>(null);
  const path = { id: connection.id };
  const now = useQuery({
    queryKey: ["sso-test", connection.id, waiting],
    enabled: waiting !== null,
    queryFn: () => api.call("GET /admin/sso/{id}", { path }),
    refetchInterval: ({ state: { data } }) => (data?.last_test?.id === waiting ? false : POLL_MS),
  });
  const test = waiting !== null && now.data?.last_test?.id === waiting ? now.data.last_test : null;

  const go = () => {
    // Opened by the click itself: windows that come later are blocked.
    const page = window.open("about:blank", "_blank");
    void run(async () => {
      const { id, url } = await api.call("POST /admin/sso/{id}/test", { path });
      setWaiting(id);
      if (page) page.location.href = url;
    }).then((well) => {
      if (!well) page?.close();
    });
  };

  return (
    <Sheet title={t("sso.test")} onClose={onClose}>
      <p>{t("sso.test.intro")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {waiting !== null && test === null && <Note kind="info">{t("sso.test.waiting")}</Note>}
      {test && (
        <>
          <Outcome verdict={test} />
          <Facts
            rows={[
              [t("people.email"), test.email],
              [t("people.name"), test.name],
              [t("sso.groups.seen"), test.groups.join(", ")],
              [t("people.role"), test.role === "" ? t("sso.role.here") : word("role", test.role)],
            ]}
          />
        </>
      )}
      <FormActions>
        <Button onPress={onClose}>{t("common.close")}</Button>
        <Button look="primary" isPending={busy} onPress={go}>
          {t("sso.test")}
        </Button>
      </FormActions>
    </Sheet>
  );
}
