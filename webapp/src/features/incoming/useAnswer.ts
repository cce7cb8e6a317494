import { type Call, toProblem } from "@offhook/sdk";
import { useCallback } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { microphoneTrouble } from "../ready/microphoneTrouble.ts";

/**
 * Takes a call. What runs already is put on hold by the server, unless it is to end: then it ends
 * first, so that nobody hears two at once.
 */
export function useAnswer(): (call: Call, ends: Call | undefined) => void {
  const phone = usePhone();
  return useCallback(
    (call, ends) => {
      microphoneTrouble.set(null);
      const work = async () => {
        if (ends) await phone.hangUp(ends.id);
        await phone.answer(call.id);
      };
      work().catch((error: unknown) => microphoneTrouble.set(toProblem(error)));
    },
    [phone],
  );
}
