import { type Problem, toProblem } from "@offhook/sdk/api";
import { useEffect, useRef, useState } from "react";
import type { Api } from "../../app/api.ts";
import type { Person } from "./people.ts";

export type ManyAct = "invite" | "disable";

export interface Outcome {
  person: Person;
  /** Null: done. */
  problem: Problem | null;
}

export interface Run {
  state: "asking" | "running" | "stopped" | "done";
  outcomes: readonly Outcome[];
  start: () => void;
  stop: () => void;
}

const WORK: Record<ManyAct, (api: Api, id: string) => Promise<unknown>> = {
  invite: (api, id) => api.call("POST /admin/people/{id}/invite", { path: { id } }),
  disable: (api, id) =>
    api.call("POST /admin/people/{id}/disable", { path: { id }, body: { why: "" } }),
};

/** Whom of them the act is for: nobody shuts themselves out by a slip. */
export function fitting(act: ManyAct, people: readonly Person[], self: string): Person[] {
  return people.filter(({ id, state }) =>
    act === "invite" ? state === "new" || state === "invited" : state !== "disabled" && id !== self,
  );
}

/** One after the other, and what has become of each. What is refused stops nobody else's. */
export function useMany(api: Api, act: ManyAct, people: readonly Person[]): Run {
  const [state, setState] = useState<Run["state"]>("asking");
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const stopped = useRef(false);
  useEffect(
    () => () => {
      stopped.current = true;
    },
    [],
  );

  const go = async () => {
    setState("running");
    for (const person of people) {
      const problem = await attempt(() => WORK[act](api, person.id), stopped);
      setOutcomes((before) => [...before, { person, problem }]);
      if (stopped.current) {
        setState("stopped");
        return;
      }
    }
    setState("done");
  };

  return {
    state,
    outcomes,
    start: () => {
      stopped.current = false;
      void go();
    },
    stop: () => {
      stopped.current = true;
    },
  };
}

/** The gateway may say "not so fast": then we wait as long as it says, unless it was stopped. */
async function attempt(
  work: () => Promise<unknown>,
  stopped: { readonly current: boolean },
): Promise<Problem | null> {
  for (;;) {
    try {
      await work();
      return null;
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== "rate_limited" || stopped.current) return problem;
      const seconds = Math.min(60, problem.retry_after ?? 1);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    }
  }
}
