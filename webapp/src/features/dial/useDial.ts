import { groupNumber, type Phone, toProblem } from "@offhook/sdk";
import { useCallback } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { show } from "../../app/route.ts";
import { callingBack } from "./CallBackNote.tsx";
import { type CallFrom, useCallFrom } from "./callFrom.ts";
import { dialRequest, type DialWhat } from "./dialRequest.ts";
import { hideNumber } from "./hideNumber.ts";

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
export function useDial(always?: CallFrom): {
  dial: Dial;
  /** The same for what was tried before, or what is fetched from elsewhere. */
  place: (what: DialWhat) => void;
  working: boolean;
} {
  const phone = usePhone();
  const request = useObservable(dialRequest);
  const chosen = useCallFrom().from;
  const from = always ?? chosen;

  const place = useCallback(
    (what: DialWhat) => {
      const { fetch, number } = what;
      const earlier = dialRequest.get();
      if (earlier.kind === "working" || isSecondClick(phone, number)) return;
      show("phone");
      const state = phone.microphone.state.get();
      const here = from === "browser" || fetch !== undefined;
      if (here && state !== "granted" && dialRequest.get().kind !== "asking") {
        dialRequest.set({ kind: "asking", what });
        return;
      }
      dialRequest.set({ kind: "working", what });
      // What was ticked is asked for, also if it is not offered any more: the server refuses then,
      // and nobody is shown a number that was to be hidden.
      const hidden = hideNumber.get();
      placing(phone, what, from, hidden).then(
        () => {
          placed = { number, at: performance.now() };
          dialRequest.set({ kind: "idle" });
          if (fetch === undefined) hideNumber.set(false);
          if (from === "alternative" && !here) callingBack.set(what.name ?? groupNumber(number));
          what.onPlaced?.();
        },
        (error: unknown) => dialRequest.set({ kind: "failed", what, problem: toProblem(error) }),
      );
    },
    [phone, from],
  );
  const dial = useCallback<Dial>(
    (number, name, onPlaced) => place({ number, name: name ?? null, onPlaced }),
    [place],
  );
  return { dial, place, working: request.kind === "working" };
}

function placing(
  phone: Phone,
  { fetch, number }: DialWhat,
  from: CallFrom,
  hidden: boolean,
): Promise<unknown> {
  if (fetch) return phone.fetch(fetch);
  return from === "browser" ? phone.dial(number, hidden) : phone.dialElsewhere(number, from);
}
