import { Button } from "@offhook/ui/Button.tsx";
import { useState } from "react";
import { useApi, useMay, useMe } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { ExportChosen } from "./ExportPeople.tsx";
import { fitting, type ManyAct } from "./many.ts";
import { ManySheet } from "./ManySheet.tsx";
import styles from "./People.module.css";
import type { Person } from "./people.ts";

interface Props {
  chosen: readonly Person[];
  people: readonly Person[];
  onDone: () => void;
}

/** What can be done to many at once: those who are chosen, or all who were never invited. */
export function BulkBar({ chosen, people, onDone }: Props) {
  const t = useT();
  const api = useApi();
  const may = useMay();
  const { user } = useMe();
  const [asking, setAsking] = useState<ManyAct | "all" | null>(null);
  const fits = (act: ManyAct) => fitting(act, chosen, user.id).length > 0;
  const anyNew = may("people.invite") && people.some((person) => person.state === "new");
  if (chosen.length === 0 && !anyNew) return null;

  const inviteAll = async () => {
    let sent = 0;
    for (;;) {
      const answer = await api.call("POST /admin/people/invite", { body: { all_new: true } });
      sent += answer.sent;
      if (answer.remaining === 0 || answer.sent === 0) break;
    }
    tell(t("people.invited", { count: sent }));
    onDone();
  };

  return (
    <div className={styles.bulk} role="group" aria-label={t("people.bulk")}>
      {chosen.length > 0 ? (
        <>
          <span role="status">{t("people.chosen", { count: chosen.length })}</span>
          {may("people.invite") && fits("invite") && (
            <Button icon="mail" onPress={() => setAsking("invite")}>
              {t("people.invite")}
            </Button>
          )}
          <ExportChosen ids={chosen.map(({ id }) => id)} />
          {may("people.write") && fits("disable") && (
            <Button look="danger" onPress={() => setAsking("disable")}>
              {t("people.disable")}
            </Button>
          )}
          <Button look="quiet" onPress={onDone}>
            {t("people.chooseNone")}
          </Button>
        </>
      ) : (
        <>
          <span>{t("people.someNew")}</span>
          <Button icon="mail" onPress={() => setAsking("all")}>
            {t("people.inviteAll")}
          </Button>
        </>
      )}
      {asking === "all" && (
        <Confirm
          title={t("people.inviteAll.title")}
          text={t("people.inviteMany.text")}
          confirm={t("people.invite")}
          work={inviteAll}
          onClose={() => setAsking(null)}
        />
      )}
      {(asking === "invite" || asking === "disable") && (
        <ManySheet
          act={asking}
          people={chosen}
          onClose={(changed) => {
            setAsking(null);
            if (changed) onDone();
          }}
        />
      )}
    </div>
  );
}
