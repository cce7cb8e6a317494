import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { hrefOf, show } from "../../app/route.ts";
import { useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { CheckField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Facts, Page } from "../../ui/Page.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Said } from "../../ui/Said.tsx";
import { useWork } from "../../ui/useWork.ts";
import { ACTIONS, ENDS, type Import, isBusy, isEnd, type Tab, useImport } from "./imports.ts";
import styles from "./Imports.module.css";
import { PlanRows } from "./PlanRows.tsx";

export function Plan({ id }: { id: string }) {
  const t = useT();
  const plan = useImport(id);
  const queries = useQueryClient();
  const state = plan.data?.state;
  // People, counts and rows are others after it.
  useEffect(() => {
    if (state === "applied" || state === "undone" || state === "planned" || state === "failed") {
      void queries.invalidateQueries({ queryKey: ["people"] });
      void queries.invalidateQueries({ queryKey: ["import-rows", id] });
    }
  }, [state, id, queries]);
  return (
    <Page
      title={plan.data ? t("import.title", { file: plan.data.filename }) : t("nav.import")}
      actions={<a href={hrefOf("import")}>{t("import.another")}</a>}
    >
      {plan.data ? (
        <Whole plan={plan.data} refresh={() => void plan.refetch()} />
      ) : (
        <ListState
          status={plan.isError ? "error" : "loading"}
          empty=""
          onRetry={() => void plan.refetch()}
        />
      )}
    </Page>
  );
}

function Whole({ plan, refresh }: { plan: Import; refresh: () => void }) {
  const t = useT();
  const when = useWhen();
  const word = useWord();
  // What is wrong comes first; nobody knows of it while the plan is still being made.
  const [chosen, setTab] = useState<Tab | null>(null);
  const tab = chosen ?? (plan.counts.error > 0 ? "error" : "create");
  const tabs: readonly Tab[] = [...ACTIONS, ...ENDS.filter((end) => plan.counts[end] > 0)];
  const { reading } = plan;
  return (
    <>
      {isBusy(plan) && <Working plan={plan} />}
      {plan.state === "applied" && (
        <Note kind="ok">{t("import.applied", { count: plan.counts.applied })}</Note>
      )}
      {plan.counts.failed > 0 && (
        <Note kind="danger">{t("import.failed", { count: plan.counts.failed })}</Note>
      )}
      {plan.state === "failed" && (
        <Note kind="danger">
          {plan.failure === "" ? t("importState.failed") : <Said>{plan.failure}</Said>}
        </Note>
      )}
      {plan.state === "undone" && (
        <Note kind="ok">{t("import.undone", { count: plan.counts.undone })}</Note>
      )}
      {plan.counts.kept > 0 && (
        <Note kind="warn">{t("import.kept", { count: plan.counts.kept })}</Note>
      )}
      <Facts
        rows={[
          [t("import.state"), word("importState", plan.state)],
          [t("import.at"), when(plan.created_at)],
          [
            t("import.read"),
            plan.format === "json"
              ? "JSON"
              : t("import.readAs", {
                  encoding: word("encoding", reading.encoding),
                  separator: word("separator", reading.separator ?? ""),
                }),
          ],
          ...(reading.ignored.length > 0
            ? [[t("import.ignored"), reading.ignored.join(", ")] as const]
            : []),
        ]}
      />
      {plan.state !== "planning" && (
        <>
          <div className={styles.counts} role="group" aria-label={t("import.counts")}>
            {tabs.map((one) => (
              <button
                key={one}
                type="button"
                className={styles.count}
                aria-pressed={one === tab}
                onClick={() => setTab(one)}
              >
                <strong>{plan.counts[one]}</strong>
                {isEnd(one) ? t(`importTab.${one}`) : t(`importAction.${one}`)}
              </button>
            ))}
          </div>
          <Acts plan={plan} refresh={refresh} />
          <PlanRows key={tab} id={plan.id} tab={tab} />
        </>
      )}
    </>
  );
}

function Working({ plan }: { plan: Import }) {
  const t = useT();
  const word = useWord();
  return (
    <>
      <Progress label={word("importState", plan.state)} done={plan.done} total={plan.total} />
      <p className={styles.hint}>{t("import.leave")}</p>
    </>
  );
}

function Acts({ plan, refresh }: { plan: Import; refresh: () => void }) {
  const t = useT();
  const api = useApi();
  const { busy, problem, run } = useWork();
  const may = useMay();
  const [skip, setSkip] = useState(false);
  const [invite, setInvite] = useState(false);
  const [asking, setAsking] = useState<"undo" | "drop" | null>(null);
  const path = { id: plan.id };
  const errors = plan.counts.error;
  const changes = plan.counts.create + plan.counts.update;

  const apply = async () => {
    const body = { skip_errors: skip, invite };
    if (await run(() => api.call("POST /admin/imports/{id}/apply", { path, body }))) refresh();
  };

  return (
    <>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {plan.state === "planned" && errors > 0 && (
        <CheckField checked={skip} onChange={setSkip}>
          {t("import.skip", { count: errors })}
        </CheckField>
      )}
      {plan.state === "planned" && plan.counts.create > 0 && may("people.invite") && (
        <CheckField checked={invite} onChange={setInvite}>
          {t("import.invite", { count: plan.counts.create })}
        </CheckField>
      )}
      <FormActions>
        {(plan.state === "planned" || plan.state === "undone" || plan.state === "failed") && (
          <Button icon="trash" onPress={() => setAsking("drop")}>
            {t("import.drop.plan")}
          </Button>
        )}
        {(plan.state === "applied" || (plan.state === "failed" && plan.counts.applied > 0)) && (
          <Button look="danger" onPress={() => setAsking("undo")}>
            {t("import.undo")}
          </Button>
        )}
        {plan.state === "planned" && (
          <Button
            look="primary"
            isPending={busy}
            isDisabled={changes === 0 || (errors > 0 && !skip)}
            onPress={() => void apply()}
          >
            {t("import.apply", { count: changes })}
          </Button>
        )}
        {plan.state === "applied" && (
          <Button look="primary" icon="mail" onPress={() => show("people", "", { state: "new" })}>
            {t("import.next")}
          </Button>
        )}
      </FormActions>
      {asking === "undo" && (
        <Confirm
          title={t("import.undo.title")}
          text={t("import.undo.text", { count: plan.counts.applied })}
          confirm={t("import.undo")}
          work={async () => {
            await api.call("POST /admin/imports/{id}/undo", { path });
            refresh();
          }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === "drop" && (
        <Confirm
          title={t("import.drop.title")}
          text={t("import.drop.text")}
          confirm={t("import.drop.plan")}
          work={async () => {
            await api.call("DELETE /admin/imports/{id}", { path });
            show("import");
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
