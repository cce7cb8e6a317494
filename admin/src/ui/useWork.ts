import { toProblem } from "@offhook/sdk/api";
import { useCallback, useState } from "react";
import { useProblemWords } from "../app/words.ts";

export interface Work {
  busy: boolean;
  problem: string | null;
  /** Runs it unless it runs already; true when it went well. */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** One thing that is done at a time, and what went wrong with it in words. */
export function useWork(): Work {
  const words = useProblemWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem(words(toProblem(error)));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [words],
  );
  return { busy, problem, run };
}
