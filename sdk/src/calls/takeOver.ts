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

  constructor(deps: TakeOverDeps) {
    this.#deps = deps;
  }

  /** After a reload: this tab carried them. Unless it leads, another one may have taken over. */
  again(leads: boolean): void {
    const mine = new Set(this.#deps.legs.remembered());
    for (const call of this.#loose()) {
      // Nobody asked: what meanwhile went on elsewhere stays there.
      if (!mine.has(call.id) || isElsewhere(call, this.#deps.deviceId())) continue;
      this.#take(call, leads);
    }
    this.#deps.legs.forgetBefore();
  }

  /** This tab leads from now on: the one before may have been closed in the middle of a call. */
  lead(): void {
    for (const call of this.#loose()) {
      if (call.device_id === this.#deps.deviceId()) this.#take(call, false);
    }
  }

  #take(call: Call, atOnce: boolean): void {
    const { attach, legs, tabs } = this.#deps;
    const carried = atOnce ? null : tabs.carriedElsewhere(call.id);
    if (!carried) {
      void attach(call.id).catch(() => undefined);
      return;
    }
    void carried
      .then(async (elsewhere) => {
        const still = this.#loose().some((one) => one.id === call.id);
        if (!elsewhere && still && !legs.has(call.id)) await attach(call.id);
      })
      .catch(() => undefined);
  }

  /** Calls that talk through a device's sound and have none in this tab. */
  #loose(): Call[] {
    const { calls, legs } = this.#deps;
    return calls().filter(
      (call) => call.phase !== "ringing_in" && call.on === "device" && !legs.has(call.id),
    );
  }
}
