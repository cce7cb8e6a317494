import { type Problem, ProblemError, toProblem } from "@offhook/sdk";
import { useRef, useState } from "react";

interface Outcome {
  problem: Problem | null;
  /** What only this refusal has: attempts left, a step token. */
  details: Readonly<Record<string, unknown>>;
}

const NONE: Outcome = { problem: null, details: {} };

/** One thing at a time that may be refused: a form's submit. */
export function useWork() {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>(NONE);
  const working = useRef(false);

  /** False: it was refused, or the one before is not through. */
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (working.current) return false;
    working.current = true;
    setBusy(true);
    setOutcome(NONE);
    try {
      await work();
      return true;
    } catch (error) {
      const details = error instanceof ProblemError ? error.details : {};
      setOutcome({ problem: toProblem(error), details });
      return false;
    } finally {
      working.current = false;
      setBusy(false);
    }
  };
  return { busy, ...outcome, run, forget: () => setOutcome(NONE) };
}
