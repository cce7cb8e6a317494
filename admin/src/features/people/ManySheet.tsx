import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useApi, useMe } from "../../app/context.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { fitting, type ManyAct, type Outcome, useMany } from "./many.ts";
import type { Person } from "./people.ts";

interface Props {
  act: ManyAct;
  people: readonly Person[];
  onClose: (changed: boolean) => void;
}

/** Says what is going to be done to how many, does it, and says what became of each. */
export function ManySheet({ act, people, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const { user } = useMe();
  const meant = fitting(act, people, user.id);
  const { state, outcomes, waits, start, stop } = useMany(api, act, meant);
  const count = meant.length;
  const left = people.length - count;
  const done = outcomes.filter(({ problem }) => problem === null).length;
  const failed = outcomes.length - done;
  const over = state === "done" || state === "stopped";
  return (
    <Sheet
      title={t(`many.${act}`, { count })}
      dismissable={state !== "running"}
      onClose={() => onClose(outcomes.length > 0)}
    >
      {state === "asking" && <p>{t(`many.${act}.text`)}</p>}
      {left > 0 && <p>{t(`many.${act}.left`, { count: left })}</p>}
      {state === "running" && (
        <Progress
          label={
            waits === null ? t("many.running") : t("many.waiting", { seconds: Math.ceil(waits) })
          }
          done={outcomes.length}
          total={count}
        />
      )}
      {over && (
        <Note kind={failed > 0 || state === "stopped" ? "warn" : "ok"}>
          {t("many.result", { done, failed, open: count - outcomes.length })}
        </Note>
      )}
      {over && <Outcomes outcomes={outcomes} />}
      <FormActions>
        {state === "asking" && (
          <>
            <Button autoFocus onPress={() => onClose(false)}>
              {t("common.cancel")}
            </Button>
            <Button
              look={act === "disable" ? "danger" : "primary"}
              isDisabled={count === 0}
              onPress={start}
            >
              {t(`many.${act}.go`)}
            </Button>
          </>
        )}
        {state === "running" && <Button onPress={stop}>{t("many.stop")}</Button>}
        {over && (
          <Button look="primary" onPress={() => onClose(true)}>
            {t("common.done")}
          </Button>
        )}
      </FormActions>
    </Sheet>
  );
}

/** Whoever it did not work for comes first. */
function Outcomes({ outcomes }: { outcomes: readonly Outcome[] }) {
  const t = useT();
  const words = useProblemWords();
  const sorted = [...outcomes].sort(
    (one, other) => Number(one.problem === null) - Number(other.problem === null),
  );
  return (
    <Table
      label={t("many.each")}
      rows={sorted}
      keyOf={({ person }) => person.id}
      columns={[
        { title: t("people.name"), cell: ({ person }) => person.name },
        {
          title: t("people.state"),
          cell: ({ problem }) => (
            <State tone={problem === null ? "ok" : "danger"}>
              {problem === null ? t("many.ok") : words(problem)}
            </State>
          ),
        },
      ]}
    />
  );
}
