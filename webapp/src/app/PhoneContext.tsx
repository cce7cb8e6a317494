import type {
  Call,
  CallNotice,
  CallsState,
  EndedCall,
  LegView,
  LinkState,
  Observable,
  Pending,
  Phone,
  SessionState,
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
  active: Call[];
  ended: readonly EndedCall[];
}

export function useStage(): Stage {
  const { calls, ended } = useCalls();
  return {
    incoming: calls.filter((call) => call.phase === "ringing_in"),
    active: calls.filter((call) => call.phase !== "ringing_in"),
    ended,
  };
}
