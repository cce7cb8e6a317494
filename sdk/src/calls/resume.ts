import { localProblem } from "../api/problem.ts";
import type { Session } from "../api/session.ts";
import type { Turn } from "../api/turn.ts";
import type { Tabs } from "../browser/tabs.ts";
import type { AudioDevices } from "../media/devices.ts";
import type { Microphone } from "../media/microphone.ts";
import type { Observable } from "../observable.ts";
import type { PhoneSocket } from "../realtime/socket.ts";
import type { Legs } from "./legs.ts";

export interface ResumeDeps {
  session: Session;
  socket: PhoneSocket;
  turn: Turn;
  legs: Legs;
  microphone: Microphone;
  audio: AudioDevices;
  tabs: Pick<Tabs, "carriedElsewhere" | "claim">;
  leads: Observable<boolean>;
  /** It is another tab's, or the server is out of reach. */
  putBack: (callId: string) => void;
}

/** Without a connection for this long the microphone is let go; what comes later begins anew. */
const PATIENCE_MS = 3_000;

/**
 * The page was loaded again in the middle of a call, and the other side hears nothing until its
 * audio is back. So nothing waits for anything that it does not need: beside each other the token is
 * renewed, the socket opens, the microphone is asked for (as soon as no other tab can have the call:
 * at once in the tab that leads) and the offer is made. It leaves as soon as the server let us in,
 * before the snapshot is here: whether the call still goes on, and on this device, the server
 * judges. Nobody is heard before the snapshot said that the call is not muted.
 */
export class Resume {
  readonly #deps: ResumeDeps;

  constructor(deps: ResumeDeps) {
    this.#deps = deps;
  }

  begin(): void {
    const { legs, session, socket, tabs, turn } = this.#deps;
    const calls = legs.remembered();
    const wanted = calls.length > 0 && session.expected;
    turn.recall(wanted);
    if (!wanted) return;
    // While this page was away another tab may have begun to look who carries them.
    for (const callId of calls) tabs.claim(callId);
    for (const callId of calls) void this.#bringBack(callId);
    socket.open();
  }

  /** Before the page goes: its next life needs a relay before it can ask for one. */
  leave(): void {
    const { legs, turn } = this.#deps;
    if (legs.carried().length > 0) turn.keep();
  }

  async #bringBack(callId: string): Promise<void> {
    const { audio, legs, microphone, socket, turn } = this.#deps;
    const { microphone: wanted } = audio.used.get();
    const free = this.#isOurs(callId);
    // The original of a duplicated page may be talking: its microphone must not fall silent.
    const asked = free.then((is) => (is ? microphone.acquire().catch(() => null) : null));
    const ours = free.then(async (is) => {
      const may = is && (await socket.reached(PATIENCE_MS));
      if (!may) this.#deps.putBack(callId);
      return may;
    });
    const id = ours.then((is) => (is ? callId : giveUp()));
    id.catch(() => undefined);
    try {
      legs.open(callId, id);
      legs.setMuted(callId, true);
    } catch {
      // It is tried again when the snapshot is here, and without the relay of before: a browser
      // that cannot read its data refuses the whole connection.
      turn.discard();
      legs.remember(callId);
    }
    const isOurs = await ours;
    const track = await asked;
    const asWanted = audio.used.get().microphone === wanted;
    if (track && isOurs && asWanted) legs.giveTrack(callId, track);
    else track?.stop();
    if (track && isOurs && !asWanted) await legs.openMicrophone(callId).catch(() => undefined);
  }

  /** Unless this tab leads, another one may have taken the call over meanwhile. */
  async #isOurs(callId: string): Promise<boolean> {
    const { leads, tabs } = this.#deps;
    if (leads.get()) return true;
    let stop: () => void = () => undefined;
    const led = new Promise<boolean>((resolve) => {
      stop = leads.subscribe(() => resolve(true));
    });
    const alone = tabs.carriedElsewhere(callId).then((elsewhere) => !elsewhere);
    return Promise.race([led, alone]).finally(stop);
  }
}

function giveUp(): never {
  throw localProblem("offline", "No connection to the server");
}
