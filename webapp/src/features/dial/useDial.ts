import { toProblem } from "@offhook/sdk";
import { useCallback } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { show } from "../../app/route.ts";
import { dialRequest } from "./dialRequest.ts";

type Dial = (number: string, name?: string, onPlaced?: () => void) => void;

/**
 * Places a call from anywhere in the interface. Without the permission for the microphone the
 * panel explains first, then the browser asks, then the call goes out.
 */
export function useDial(): { dial: Dial; working: boolean } {
  const phone = usePhone();
  const request = useObservable(dialRequest);

  const dial = useCallback(
    (number: string, name?: string, onPlaced?: () => void) => {
      show("phone");
      const earlier = dialRequest.get();
      const what = { number, name: name ?? null, onPlaced };
      if (earlier.kind !== "idle" && earlier.what.number === number && !onPlaced) {
        what.onPlaced = earlier.what.onPlaced;
      }
      const state = phone.microphone.state.get();
      if (state !== "granted" && dialRequest.get().kind !== "asking") {
        dialRequest.set({ kind: "asking", what });
        return;
      }
      dialRequest.set({ kind: "working", what });
      phone.dial(number).then(
        () => {
          dialRequest.set({ kind: "idle" });
          what.onPlaced?.();
        },
        (error: unknown) => dialRequest.set({ kind: "failed", what, problem: toProblem(error) }),
      );
    },
    [phone],
  );
  return { dial, working: request.kind === "working" };
}
