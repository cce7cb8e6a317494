import { toProblem } from "@offhook/sdk/api";
import { useCallback, useRef, useState } from "react";
import { useProblemWords } from "../app/words.ts";

export interface Work {
  busy: boolean;
  problem: string | null;
  /** False: it was refused, or the one before is not through. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** One thing that is done at a time, and what went wrong with it in words. */
export function useWork(): Work {
  const words = useProblemWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  // The state of a button comes with the next drawing only; Enter may come before.
  const working = useRef(false);
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      if (working.current) return false;
      working.current = true;
      setBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem(words(toProblem(error)));
        return false;
      } finally {
        working.current = false;
        setBusy(false);
      }
    },
    [words],
  );
  return { busy, problem, run };
}
