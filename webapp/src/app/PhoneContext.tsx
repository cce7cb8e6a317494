import {
  type Call,
  type CallNotice,
  type CallsState,
  type EndedCall,
  isHeldHere,
  type LegView,
  type LinkState,
  type Observable,
  type Pending,
  type Phone,
  type SessionState,
} from "@offhook/sdk";
import { createContext, use, useSyncExternalStore } from "react";

export const PhoneContext = createContext<Phone | null>(null);

export function usePhone(): Phone {
  const phone = use(PhoneContext);
  if (!phone) throw new Error("usePhone outside of PhoneContext");
  return phone;
}

/** The one bridge between the sdk's observables and React. */
export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}

export function useCalls(): CallsState {
  return useObservable(usePhone().calls);
}

export function useLink(): LinkState {
  return useObservable(usePhone().link);
}

export function useSession(): SessionState {
  return useObservable(usePhone().session.state);
}

export function useLegView(callId: string): LegView | undefined {
  return useObservable(usePhone().legs.views)[callId];
}

export function usePending(callId: string): Pending | undefined {
  return useObservable(usePhone().pending)[callId];
}

export function useNotice(callId: string): CallNotice | undefined {
  return useCalls().notices[callId];
}

/** What the stage shows: calls that ring here, calls in progress, and calls that just ended. */
export interface Stage {
  incoming: Call[];
  /** The one that the page is about comes first: whoever talks before who is held, then the newest. */
  active: Call[];
  ended: readonly EndedCall[];
}

export function useStage(): Stage {
  const { calls, ended } = useCalls();
  return {
    incoming: calls.filter((call) => call.phase === "ringing_in"),
    active: inFront(calls),
    ended,
  };
}

/** The calls in progress, in the order of the stage. */
export function inFront(calls: readonly Call[]): Call[] {
  const running = calls.filter((call) => call.phase !== "ringing_in").reverse();
  return running.sort((a, b) => Number(isHeldHere(a)) - Number(isHeldHere(b)));
}
