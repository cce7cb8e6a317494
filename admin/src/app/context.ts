import type { Observable, Reply, SessionState } from "@offhook/sdk/api";
import { createContext, use, useSyncExternalStore } from "react";
import type { Api } from "./api.ts";

export type Me = Reply<"GET /me">;

export const ApiContext = createContext<Api | null>(null);
export const MeContext = createContext<Me | null>(null);

export function useApi(): Api {
  const api = use(ApiContext);
  if (!api) throw new Error("useApi outside of ApiContext");
  return api;
}

/** Who is signed in; only inside of the shell. */
export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error("useMe outside of MeContext");
  return me;
}

export function useMay(): (permission: string) => boolean {
  const { user } = useMe();
  return (permission) => user.permissions.includes(permission);
}

export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}

export function useSession(): SessionState {
  return useObservable(useApi().session.state);
}
