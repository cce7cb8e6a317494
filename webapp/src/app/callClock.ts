import type { Call } from "@offhook/sdk";
import { useCallback } from "react";
import { usePhone } from "./PhoneContext.tsx";

/** When a call was answered, on our clock: the server's may differ by minutes. */
export function useCallClock(): (call: Pick<Call, "answered_at" | "created_at">) => number {
  const phone = usePhone();
  return useCallback(
    (call) => Date.parse(call.answered_at ?? call.created_at) - phone.rest.clockSkewMs,
    [phone],
  );
}
