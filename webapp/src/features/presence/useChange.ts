import { type PresenceChange, type Problem, toProblem } from "@offhook/sdk";
import { useCallback, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";

/** Changes the own presence; what was refused is there to be said. */
export function useChange(): {
  change: (wanted: PresenceChange) => Promise<boolean>;
  busy: boolean;
  problem: Problem | null;
} {
  const { presence } = usePhone();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = useCallback(
    async (wanted: PresenceChange) => {
      setBusy(true);
      setProblem(null);
      try {
        await presence.change(wanted);
        return true;
      } catch (error) {
        setProblem(toProblem(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [presence],
  );
  return { change, busy, problem };
}
