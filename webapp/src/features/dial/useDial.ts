import { type Phone, toProblem } from "@offhook/sdk";
import { useCallback } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { show } from "../../app/route.ts";
import { type CallFrom, useCallFrom } from "./callFrom.ts";
import { dialRequest, type DialWhat } from "./dialRequest.ts";

/** A double click on a row is one wish. */
const SECOND_CLICK_MS = 700;
let placed = { number: "", at: Number.NEGATIVE_INFINITY };

function isSecondClick(phone: Phone, number: string): boolean {
  const soon = placed.number === number && performance.now() - placed.at < SECOND_CLICK_MS;
  return soon && phone.calls.get().calls.length > 0;
}

type Dial = (number: string, name?: string, onPlaced?: () => void) => void;

/**
 * Places a call from anywhere in the interface. Without the permission for the microphone the
 * panel explains first, then the browser asks, then the call goes out. `always`: whatever the user
 * chose to call from.
 */
export function useDial(always?: CallFrom): { dial: Dial; working: boolean } {
  const phone = usePhone();
  const request = useObservable(dialRequest);
  const chosen = useCallFrom().from;
  const from = always ?? chosen;

  const dial = useCallback(
    (number: string, name?: string, onPlaced?: () => void) => {
      const earlier = dialRequest.get();
      if (earlier.kind === "working" || isSecondClick(phone, number)) return;
      show("phone");
      const what: DialWhat = { number, name: name ?? null, onPlaced };
      if (earlier.kind !== "idle" && earlier.what.number === number) {
        what.onPlaced ??= earlier.what.onPlaced;
        what.name ??= earlier.what.name;
      }
      const state = phone.microphone.state.get();
      const here = from === "browser";
      if (here && state !== "granted" && dialRequest.get().kind !== "asking") {
        dialRequest.set({ kind: "asking", what });
        return;
      }
      dialRequest.set({ kind: "working", what });
      const placing = here ? phone.dial(number) : phone.dialElsewhere(number, from);
      placing.then(
        () => {
          placed = { number, at: performance.now() };
          dialRequest.set({ kind: "idle" });
          what.onPlaced?.();
        },
        (error: unknown) => dialRequest.set({ kind: "failed", what, problem: toProblem(error) }),
      );
    },
    [phone, from],
  );
  return { dial, working: request.kind === "working" };
}
