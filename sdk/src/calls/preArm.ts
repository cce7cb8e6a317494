import type { Call, ServerEvents } from "../api/types.ts";
import type { Observable } from "../observable.ts";
import type { AutoAnswer } from "./autoAnswer.ts";
import type { Legs } from "./legs.ts";
import type { PendingWishes } from "./pending.ts";
import type { CallsState } from "./state.ts";

export interface PreArmDeps {
  legs: Legs;
  autoAnswer: AutoAnswer;
  calls: Observable<CallsState>;
  pending: PendingWishes;
  leads: () => boolean;
  deviceId: () => string | undefined;
}

/** ICE and DTLS while it rings, without a track: the answer then only opens the microphone. */
export class PreArm {
  readonly #deps: PreArmDeps;

  constructor(deps: PreArmDeps) {
    this.#deps = deps;
  }

  offered({ call, auto_answer_ms }: ServerEvents["ring.offer"]): void {
    const { legs, leads, autoAnswer } = this.#deps;
    if (leads() && !legs.has(call.id)) legs.open(call.id);
    autoAnswer.offered(call.id, auto_answer_ms);
  }

  stopped(stop: ServerEvents["ring.stop"]): void {
    this.#deps.autoAnswer.cancel(stop.call_id);
    this.#drop(stop);
  }

  /** The ring ended here; a leg without a microphone was only prepared for it. */
  #drop(stop: ServerEvents["ring.stop"]): void {
    const { legs, pending, deviceId } = this.#deps;
    if (pending.of(stop.call_id) === "answering" || stop.reason === "answered") return;
    const call: Call | undefined = this.#deps.calls.get().calls.find((c) => c.id === stop.call_id);
    if (call?.phase === "connected" && call.device_id === deviceId()) return;
    if (!legs.views.get()[stop.call_id]?.sending) legs.close(stop.call_id);
  }
}
