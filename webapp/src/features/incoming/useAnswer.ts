import { type Call, toProblem } from "@offhook/sdk";
import { useCallback } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { microphoneTrouble } from "../ready/microphoneTrouble.ts";
import { canHold } from "./answerWords.ts";

/** Takes a call; what runs already is held where the phone system can, else ended. */
export function useAnswer(): (call: Call, other: Call | undefined) => void {
  const phone = usePhone();
  return useCallback(
    (call, other) => {
      microphoneTrouble.set(null);
      const work = async () => {
        if (other) {
          await (canHold(other) ? phone.hold(other.id) : phone.hangUp(other.id));
        }
        await phone.answer(call.id);
      };
      work().catch((error: unknown) => microphoneTrouble.set(toProblem(error)));
    },
    [phone],
  );
}
