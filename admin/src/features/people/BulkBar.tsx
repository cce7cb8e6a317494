import { Button } from "@offhook/ui/Button.tsx";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useMay, useMe } from "../../app/context.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ExportChosen } from "./ExportPeople.tsx";
import { InviteAll } from "./InviteAll.tsx";
import { useInviting } from "./inviting.ts";
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
  const may = useMay();
  const { user } = useMe();
  const [asking, setAsking] = useState<ManyAct | "all" | null>(null);
  const fits = (act: ManyAct) => fitting(act, chosen, user.id).length > 0;
  const anyNew = may("people.invite") && people.some((person) => person.state === "new");
  const client = useQueryClient();
  const { data: job } = useInviting(may("people.invite"));
  const inviting = job?.state === "running";
  const ran = useRef(false);
  useEffect(() => {
    if (ran.current && !inviting) void client.invalidateQueries({ queryKey: ["people"] });
    ran.current = inviting;
  }, [client, inviting]);
  if (chosen.length === 0 && !anyNew && !inviting && asking === null) return null;

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
          <span>{t(inviting ? "people.inviting" : "people.someNew")}</span>
          <Button icon="mail" onPress={() => setAsking("all")}>
            {t(inviting ? "people.inviting.show" : "people.inviteAll")}
          </Button>
        </>
      )}
      {asking === "all" && (
        <InviteAll
          onClose={(changed) => {
            setAsking(null);
            if (changed) onDone();
          }}
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
