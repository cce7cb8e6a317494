import { type Problem, Store, toProblem } from "@offhook/sdk";
import { useCallback } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";

/** The hang-up that was refused last: its call goes on. */
export const hangUpTrouble = new Store<{ callId: string; problem: Problem } | null>(null);

export function useHangUp(callId: string): () => void {
  const phone = usePhone();
  return useCallback(() => {
    hangUpTrouble.set(null);
    phone
      .hangUp(callId)
      .catch((error: unknown) => hangUpTrouble.set({ callId, problem: toProblem(error) }));
  }, [phone, callId]);
}
