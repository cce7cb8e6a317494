import type { OwnPresence, PersonPresence } from "@offhook/sdk";
import { useEffect } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";

export function useOwnPresence(): OwnPresence | null {
  return useObservable(usePhone().presence.own);
}

/** How these people are seen, for as long as they are on the screen. */
export function usePresence(
  userIds: readonly string[],
): (id: string) => PersonPresence | undefined {
  const { presence } = usePhone();
  const people = useObservable(presence.people);
  const key = userIds.join(",");
  useEffect(() => (key === "" ? undefined : presence.watch(key.split(","))), [presence, key]);
  return (id) => people[id];
}
