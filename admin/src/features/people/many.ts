import { type Problem, toProblem } from "@offhook/sdk/api";
import { useEffect, useRef, useState } from "react";
import type { Api } from "../../app/api.ts";
import { patiently, Stopped } from "./patiently.ts";
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
  /** So many seconds, because the gateway has asked for it. */
  waits: number | null;
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
  const [waits, setWaits] = useState<number | null>(null);
  const stopping = useRef(new AbortController());
  // Whoever has left this page, or has signed out of it, does nothing more.
  useEffect(() => () => stopping.current.abort(), []);

  const go = async (stop: AbortSignal) => {
    setState("running");
    for (const person of people) {
      let problem: Problem | null = null;
      try {
        await patiently(() => WORK[act](api, person.id), stop, setWaits);
      } catch (error) {
        if (error instanceof Stopped) {
          setState("stopped");
          return;
        }
        problem = toProblem(error);
      }
      setOutcomes((before) => [...before, { person, problem }]);
    }
    setState("done");
  };

  return {
    state,
    outcomes,
    waits,
    start: () => {
      stopping.current = new AbortController();
      void go(stopping.current.signal);
    },
    stop: () => stopping.current.abort(),
  };
}
