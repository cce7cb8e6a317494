import { ProblemError } from "../api/problem.ts";
import type { Call } from "../api/types.ts";
import type { Tabs } from "../browser/tabs.ts";
import { isElsewhere, type Legs } from "./legs.ts";

export interface TakeOverDeps {
  tabs: Pick<Tabs, "carriedElsewhere">;
  legs: Legs;
  calls: () => readonly Call[];
  deviceId: () => string | undefined;
  attach: (callId: string) => Promise<void>;
}

/** How a call that is heard on this device goes on when the tab that carried it is gone. */
export class TakeOver {
  readonly #deps: TakeOverDeps;
  /** The server has said which calls there are. */
  #known = false;
  readonly #triedAgain = new Set<string>();

  constructor(deps: TakeOverDeps) {
    this.#deps = deps;
  }

  /** After a reload: this tab carried them. Unless it leads, another one may have taken over. */
  again(leads: boolean): void {
    const { calls, legs } = this.#deps;
    this.#known = true;
    const mine = new Set(legs.remembered());
    const live = new Set(calls().map((call) => call.id));
    // One that ended just before the server's list was made: nobody tells of its end any more.
    for (const id of mine) if (!live.has(id)) legs.close(id);
    // Nobody asked: what meanwhile went on elsewhere stays there.
    const taken = this.#loose()
      .filter((call) => mine.has(call.id) && !isElsewhere(call, this.#deps.deviceId()))
      .map((call) => this.#take(call, leads));
    // Not before: the page may be loaded again while the other tabs are asked.
    void Promise.all(taken).then(() => legs.forgetBefore());
  }

  /** A call of before was begun too early. Where the server's list is here, it is settled now. */
  putBack(callId: string): void {
    this.#deps.legs.putBack(callId);
    if (this.#known) this.again(false);
  }

  /** This tab leads from now on: the one before may have been closed in the middle of a call. */
  lead(): void {
    for (const call of this.#loose()) {
      if (call.device_id === this.#deps.deviceId()) void this.#take(call, false);
    }
  }

  /**
   * The server may have a newer sound path of this device. If the tab that made it let go again
   * because of this one, nobody would carry the call: then this one does, once.
   */
  async offered(callId: string, accepted: Promise<unknown>): Promise<void> {
    try {
      await accepted;
    } catch (error) {
      if (error instanceof ProblemError && error.code === "superseded") {
        void this.#superseded(callId).catch(() => undefined);
      }
      throw error;
    }
  }

  async #superseded(callId: string): Promise<void> {
    const { deviceId, legs, tabs } = this.#deps;
    if (this.#triedAgain.has(callId)) return;
    this.#triedAgain.add(callId);
    // The leg that was refused goes first: it must not answer the others.
    legs.close(callId);
    if (await tabs.carriedElsewhere(callId)) return;
    const call = this.#loose().find((one) => one.id === callId);
    if (!this.#known) legs.remember(callId);
    else if (call && call.device_id === deviceId()) await this.#take(call, true);
  }

  async #take(call: Call, atOnce: boolean): Promise<void> {
    const { attach, legs, tabs } = this.#deps;
    if (!atOnce) {
      const elsewhere = await tabs.carriedElsewhere(call.id).catch(() => false);
      const still = this.#loose().some((one) => one.id === call.id);
      if (elsewhere || !still || legs.has(call.id)) return;
    }
    // How long its microphone takes is nobody's business here.
    void attach(call.id).catch(() => undefined);
  }

  /** Calls that talk through a device's sound and have none in this tab. */
  #loose(): Call[] {
    const { calls, legs } = this.#deps;
    return calls().filter(
      (call) => call.phase !== "ringing_in" && call.on === "device" && !legs.has(call.id),
    );
  }
}
