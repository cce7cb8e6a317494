import { Button } from "@offhook/ui/Button.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import type { Person } from "./people.ts";
import styles from "./People.module.css";

interface Props {
  chosen: ReadonlySet<string>;
  people: readonly Person[];
  onDone: () => void;
}

/** So many the server takes at a time. */
const MOST = 500;

/** What can be done to many at once: their invitations, or those of all who never got one. */
export function BulkBar({ chosen, people, onDone }: Props) {
  const t = useT();
  const api = useApi();
  const [asking, setAsking] = useState<"chosen" | "all" | null>(null);
  const anyNew = people.some((person) => person.state === "new");
  if (chosen.size === 0 && !anyNew) return null;

  const invite = async () => {
    let sent = 0;
    if (asking === "all") {
      for (;;) {
        const answer = await api.call("POST /admin/people/invite", { body: { all_new: true } });
        sent += answer.sent;
        if (answer.remaining === 0 || answer.sent === 0) break;
      }
    } else {
      const ids = [...chosen];
      for (let at = 0; at < ids.length; at += MOST) {
        const body = { ids: ids.slice(at, at + MOST) };
        sent += (await api.call("POST /admin/people/invite", { body })).sent;
      }
    }
    tell(t("people.invited", { count: sent }));
    onDone();
  };

  return (
    <div className={styles.bulk} role="group" aria-label={t("people.bulk")}>
      {chosen.size > 0 && (
        <>
          <span role="status">{t("people.chosen", { count: chosen.size })}</span>
          <Button icon="mail" onPress={() => setAsking("chosen")}>
            {t("people.invite")}
          </Button>
          <Button look="quiet" onPress={onDone}>
            {t("people.chooseNone")}
          </Button>
        </>
      )}
      {chosen.size === 0 && anyNew && (
        <>
          <span>{t("people.someNew")}</span>
          <Button icon="mail" onPress={() => setAsking("all")}>
            {t("people.inviteAll")}
          </Button>
        </>
      )}
      {asking && (
        <Confirm
          title={t(asking === "all" ? "people.inviteAll.title" : "people.inviteMany.title", {
            count: chosen.size,
          })}
          text={t("people.inviteMany.text")}
          confirm={t("people.invite")}
          work={invite}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
