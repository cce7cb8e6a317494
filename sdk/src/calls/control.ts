import type { Call } from "../api/types.ts";
import type { CallCommands } from "./commands.ts";

/** What is asked of calls that talk already. Each is a wish: how it went on comes as events. */
export class CallControl {
  readonly #commands: CallCommands;

  constructor(commands: CallCommands) {
    this.#commands = commands;
  }

  hold(callId: string): Promise<void> {
    return this.#commands.send("hold", callId);
  }

  retrieve(callId: string): Promise<void> {
    return this.#commands.send("retrieve", callId);
  }

  /** The held call talks, the talking one is held. */
  swap(callId: string): Promise<void> {
    return this.#commands.send("swap", callId);
  }

  /** Hands the other side over without asking there first. */
  transferTo(callId: string, to: string): Promise<void> {
    return this.#commands.send("transfer", callId, { to });
  }

  /** Connects the other sides of two calls; both leave this phone. */
  transferWith(callId: string, other: string): Promise<void> {
    return this.#commands.send("transfer", callId, { with: other });
  }

  /** All talk together. */
  merge(callId: string, other: string): Promise<void> {
    return this.#commands.send("merge", callId, { with: other });
  }

  /** The other side waits at a place that anybody can fetch it from. */
  park(callId: string, slot: string): Promise<void> {
    return this.#commands.send("park", callId, { slot });
  }

  /** One party leaves the conference. */
  drop(callId: string, participant: string): Promise<void> {
    return this.#commands.send("drop", callId, { participant });
  }
}

/** Held by this user, or about to be: nobody over there should hear the microphone. */
export function isHeldHere(call: Call): boolean {
  return call.hold === "local" || call.hold === "both" || call.actions.includes("retrieve");
}
