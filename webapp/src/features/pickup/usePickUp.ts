import type { Pickup } from "@offhook/sdk";
import { useCallback } from "react";
import { useCalls } from "../../app/PhoneContext.tsx";
import { useDial } from "../dial/useDial.ts";

/** Takes a call that rings at somebody else; what talks already is put on hold by the server. */
export function usePickUp(): (pickup: Pickup) => void {
  const { place } = useDial("browser");
  return useCallback(
    ({ id, from }) =>
      place({
        number: from.number.canonical || id,
        name: from.name,
        fetch: { verb: "pickup", id },
      }),
    [place],
  );
}

/** What rings at this number and may be taken. */
export function useRinging(number: string): Pickup | undefined {
  return useCalls().pickups.find((pickup) => pickup.for.number.canonical === number);
}
