import type { Reply } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { useState } from "react";
import { useMay, useMe } from "../../app/context.ts";
import { hrefOf } from "../../app/route.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Card } from "../../ui/Page.tsx";
import { State } from "../../ui/State.tsx";
import styles from "./Overview.module.css";

type Overview = Reply<"GET /admin/overview">;

const STEPS = ["site", "key", "connector", "people", "test_call"] as const;
const KEY = "offhook.admin.firstSteps";

function isAway(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

/** What a new company does first: each step leads to its page and ticks itself off. */
export function FirstSteps({ view }: { view: Overview }) {
  const t = useT();
  const may = useMay();
  const { tenant } = useMe();
  const key = `${KEY}.${tenant.id}`;
  const [away, setAway] = useState(() => isAway(key));
  const { first_steps: done, connectors } = view;
  const next = STEPS.find((step) => !done[step]);
  if (away || next === undefined || !may("sites.write")) return null;
  const site = connectors[0]?.site_id;
  const links = {
    site: hrefOf("sites"),
    key: hrefOf("sites", site),
    connector: hrefOf("sites", site),
    people: hrefOf("import"),
    test_call: hrefOf("sites", site),
  };
  const putAway = () => {
    setAway(true);
    try {
      localStorage.setItem(key, "away");
    } catch {
      // Full or not allowed: it is back with the next visit.
    }
  };
  return (
    <Card
      title={t("first.title")}
      actions={
        <Button look="quiet" icon="close" onPress={putAway}>
          {t("first.away")}
        </Button>
      }
    >
      <p>
        {t("first.count", {
          done: STEPS.filter((step) => done[step]).length,
          total: STEPS.length,
        })}
      </p>
      <ol className={styles.todo}>
        {STEPS.map((step) => (
          <li key={step} aria-current={step === next ? "step" : undefined}>
            <State tone={done[step] ? "ok" : "quiet"}>
              {t(done[step] ? "first.done" : "first.open")}
            </State>
            <div className={styles.words}>
              <a href={links[step]}>{t(`first.${step}`)}</a>
              {step === next && <span className={styles.small}>{t(`first.${step}.how`)}</span>}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
