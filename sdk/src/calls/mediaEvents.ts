import type { ServerEventName, ServerEvents } from "../api/types.ts";
import type { Legs } from "./legs.ts";
import type { Moving } from "./moving.ts";

/** What the server says about the sound of this device; false if it says something else. */
export function onMediaEvent<N extends ServerEventName>(
  name: N,
  payload: ServerEvents[N],
  legs: Legs,
  moving: Moving,
): boolean {
  switch (name) {
    case "media.answer": {
      const { call_id, sdp, generation } = payload as ServerEvents["media.answer"];
      void legs.applyAnswer(call_id, sdp, generation);
      return true;
    }
    case "media.renegotiate": {
      const { call_id, fresh } = payload as ServerEvents["media.renegotiate"];
      void moving.asked(call_id, fresh).catch(() => undefined);
      return true;
    }
    case "media.restart":
      legs.recover((payload as ServerEvents["media.restart"]).call_id, "gateway");
      return true;
    default:
      return false;
  }
}
