import { type Problem, Store, toProblem } from "@offhook/sdk";
import { useCallback } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";

/** What was refused last, and of which call. */
export const callTrouble = new Store<{ callId: string; problem: Problem } | null>(null);

/** Asks something of a call; a refusal is said in the call's card and never lost. */
export type Ask = (work: Promise<unknown>) => void;

export function useAsk(callId: string): Ask {
  return useCallback(
    (work) => {
      if (callTrouble.get()?.callId === callId) callTrouble.set(null);
      work.catch((error: unknown) => callTrouble.set({ callId, problem: toProblem(error) }));
    },
    [callId],
  );
}

export function useHangUp(callId: string): () => void {
  const phone = usePhone();
  const ask = useAsk(callId);
  return useCallback(() => ask(phone.hangUp(callId)), [ask, phone, callId]);
}
