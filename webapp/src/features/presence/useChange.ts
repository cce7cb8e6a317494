import { type PresenceChange, type Problem, toProblem } from "@offhook/sdk";
import { useCallback, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";

export type Change = (wanted: PresenceChange) => Promise<boolean>;

/**
 * Changes the own presence; what was refused is there to be said. Another change meanwhile is
 * ignored: fields stay enabled, as one that is disabled loses the focus.
 */
export function useChange(): {
  change: Change;
  busy: boolean;
  problem: Problem | null;
} {
  const { presence } = usePhone();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = useCallback(
    async (wanted: PresenceChange) => {
      if (busy) return false;
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
    [presence, busy],
  );
  return { change, busy, problem };
}
