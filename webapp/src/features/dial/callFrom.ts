import { type CallsState, Store } from "@offhook/sdk";
import { useCalls, useObservable } from "../../app/PhoneContext.tsx";

/** What the user speaks through in the next call that is dialled here. */
export type CallFrom = "browser" | "desk_phone" | "alternative";

const KEY = "offhook.callFrom";
const AWAY: readonly CallFrom[] = ["desk_phone", "alternative"];

function load(): CallFrom {
  try {
    const kept = localStorage.getItem(KEY);
    return AWAY.find((one) => one === kept) ?? "browser";
  } catch {
    return "browser";
  }
}

const wanted = new Store<CallFrom>(load());

export function callFrom(choice: CallFrom): void {
  wanted.set(choice);
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Then it is asked again after the next reload.
  }
}

interface Desk {
  number: string;
  state: CallsState["deskPhone"];
  /** The phone system can be asked to dial there. */
  usable: boolean;
}

/**
 * The choice, and the desk phone while the phone system offers to dial there, or why it does not. A
 * choice that cannot be followed now is not forgotten, and not followed.
 */
export function useCallFrom(): { from: CallFrom; desk: Desk | null; alternative: boolean } {
  const { me, deskPhone, offers } = useCalls();
  const choice = useObservable(wanted);
  const number = me?.line?.desk_number ?? "";
  const usable = number !== "" && offers.includes("dial_desk_phone");
  const known = usable || (number !== "" && deskPhone === "not_signed_in");
  const desk = known ? { number, state: deskPhone, usable } : null;
  const alternative = offers.includes("dial_alternative");
  const followed = choice === "alternative" ? alternative : choice === "browser" || usable;
  return { from: followed ? choice : "browser", desk, alternative };
}
