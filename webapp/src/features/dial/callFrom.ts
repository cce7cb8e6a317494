import { Store } from "@offhook/sdk";
import { useCalls, useObservable } from "../../app/PhoneContext.tsx";

/** What the user speaks through in the next call that is dialled here. */
export type CallFrom = "browser" | "desk_phone";

const KEY = "offhook.callFrom";

function load(): CallFrom {
  try {
    return localStorage.getItem(KEY) === "desk_phone" ? "desk_phone" : "browser";
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

/**
 * The choice, and the desk phone's number while the phone system can be asked to dial there. A
 * choice that cannot be followed now is not forgotten, and not followed.
 */
export function useCallFrom(): { from: CallFrom; desk: string | null } {
  const { me, connector } = useCalls();
  const choice = useObservable(wanted);
  const control = connector?.layers.find((layer) => layer.layer === "control")?.state;
  const number = me?.line?.desk_number ?? "";
  const desk = number !== "" && (control === "working" || control === "weak") ? number : null;
  return { from: desk === null ? "browser" : choice, desk };
}
