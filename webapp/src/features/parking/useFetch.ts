import { useCallback } from "react";
import { useDial } from "../dial/useDial.ts";
import { forgetParked } from "./parked.ts";

/** Takes back who waits at a place; what talks already is put on hold by the server. */
export function useFetch(): (slot: string, who: string | null, onPlaced?: () => void) => void {
  const { place } = useDial("browser");
  return useCallback(
    (slot, who, onPlaced) =>
      place({
        number: slot,
        name: who,
        fetch: { verb: "unpark", slot },
        onPlaced: () => {
          forgetParked(slot);
          onPlaced?.();
        },
      }),
    [place],
  );
}
