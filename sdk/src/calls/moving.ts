import type { Call } from "../api/types.ts";
import type { Tabs } from "../browser/tabs.ts";
import type { CallBegin } from "./begin.ts";
import type { CallCommands } from "./commands.ts";
import type { Legs } from "./legs.ts";

export interface MovingDeps {
  begin: Pick<CallBegin, "before">;
  commands: CallCommands;
  legs: Legs;
  tabs: Pick<Tabs, "carriedElsewhere">;
  leads: () => boolean;
  callOf: (callId: string) => Call | undefined;
  deviceId: () => string | undefined;
  later: (ms: number, work: () => void) => () => void;
}

/** The server tries for some seconds; the microphone does not stay open for what never came. */
const PATIENCE_MS = 15_000;

interface Awaited {
  track: MediaStreamTrack | null;
  cancel: () => void;
}

/**
 * Calls that go from one of the user's devices to another. The one that is to have a call is asked
 * by the server for its sound, and the call goes there as soon as it is heard: nobody hears a gap.
 */
export class Moving {
  readonly #deps: MovingDeps;
  /** What this tab asked for. */
  readonly #awaited = new Map<string, Awaited>();

  constructor(deps: MovingDeps) {
    this.#deps = deps;
  }

  /** Other tabs of this device leave it to this one. */
  awaits(callId: string): boolean {
    return this.#awaited.has(callId);
  }

  /**
   * The call comes to this tab. The microphone is asked for first: nobody waits for that later. A
   * second click while the browser still asks must not open a second one.
   */
  async pull(callId: string): Promise<void> {
    const { begin, commands, later } = this.#deps;
    if (this.awaits(callId)) return;
    const mine: Awaited = { track: null, cancel: () => undefined };
    this.#awaited.set(callId, mine);
    try {
      const waiting = begin.before();
      const track = waiting && (await waiting);
      // The call is over, or here by another way.
      if (this.#awaited.get(callId) !== mine) {
        track?.stop();
        return;
      }
      mine.track = track;
      mine.cancel = later(PATIENCE_MS, () => this.#drop(callId));
      await commands.send("pull", callId);
    } catch (error) {
      if (this.#awaited.get(callId) === mine) this.#drop(callId);
      throw error;
    }
  }

  /** `to`: a device, the desk phone, the alternative number. */
  async move(callId: string, to: string): Promise<void> {
    await this.#deps.commands.send("move", callId, { to });
  }

  /** The server wants this device's sound, on a new connection if `fresh`. */
  async asked(callId: string, fresh: boolean): Promise<void> {
    const { callOf, deviceId, legs, leads, tabs } = this.#deps;
    if (legs.has(callId)) {
      legs.renegotiate(callId, fresh);
      await legs.openMicrophone(callId);
      return;
    }
    if (!this.awaits(callId)) {
      if (!leads() || (await tabs.carriedElsewhere(callId))) return;
    }
    // While the other tabs were asked the server may have said more of this call: that it comes
    // here (or it could not be noticed that it does not any more), or that it is over.
    const call = callOf(callId);
    if (!call) return;
    legs.open(callId, callId, "awaited");
    legs.follow(call, deviceId());
    const track = this.#awaited.get(callId)?.track ?? null;
    this.#forget(callId);
    if (track) legs.giveTrack(callId, track);
    else await legs.openMicrophone(callId);
  }

  /** It stays where it is, or is over. */
  failed(callId: string): void {
    this.#drop(callId);
  }

  /** Nobody is signed in any more. */
  clear(): void {
    for (const callId of [...this.#awaited.keys()]) this.#drop(callId);
  }

  #drop(callId: string): void {
    this.#awaited.get(callId)?.track?.stop();
    this.#forget(callId);
  }

  #forget(callId: string): void {
    this.#awaited.get(callId)?.cancel();
    this.#awaited.delete(callId);
  }
}
