import { localProblem } from "../api/problem.ts";
import type { Call } from "../api/types.ts";
import type { Microphone } from "../media/microphone.ts";
import { cleanNumber, type DialInput } from "../numbers/clean.ts";
import type { PhoneSocket } from "../realtime/socket.ts";
import {
  type CallCommands,
  type DialHow,
  type Fetch,
  type OtherPhone,
  type Placed,
  WAIT_FOR_LINK_MS,
} from "./commands.ts";
import type { Legs } from "./legs.ts";
import type { PostDial } from "./postDial.ts";

export interface CallBeginDeps {
  socket: PhoneSocket;
  commands: CallCommands;
  legs: Legs;
  microphone: Microphone;
  postDial: PostDial;
  liveIds: () => ReadonlySet<string>;
  /** The server placed this call just now. */
  onPlaced: (call: Call) => void;
  /** The server has told of the call already, by a snapshot: bring leg and digits in step. */
  onFound: () => void;
  uuid: () => string;
}

/** How a call begins here: the command, the leg beside it, and then the microphone. */
export class CallBegin {
  readonly #deps: CallBeginDeps;

  constructor(deps: CallBeginDeps) {
    this.#deps = deps;
  }

  async dial(text: string, how: DialHow = {}): Promise<Call> {
    const { number, postDial } = numberIn(text);
    return this.#place(() => this.#deps.commands.dial(number, how), postDial);
  }

  /** `about` waits while somebody is asked about it. */
  async consult(about: string, text: string): Promise<Call> {
    const { number, postDial } = numberIn(text);
    return this.#place(() => this.#deps.commands.consult(about, number), postDial);
  }

  async fetch(wish: Fetch): Promise<Call> {
    return this.#place(() => this.#deps.commands.fetch(wish));
  }

  async #place(send: () => Promise<Placed>, digits = ""): Promise<Call> {
    const { commands, legs, liveIds, postDial, uuid } = this.#deps;
    const waiting = this.before();
    const asked = waiting && (await waiting);
    let key = `dialling-${uuid()}`;
    const placed = send().then(({ call, repeated }) => {
      if (!call) throw localProblem("no_reply", "The server named no call");
      return { call, repeated };
    });
    const id = placed.then(({ call }) => call.id);
    id.catch(() => undefined);
    try {
      legs.closeFinished(liveIds());
      legs.open(key, id);
      const { call, repeated } = await placed;
      legs.rename(key, call.id);
      key = call.id;
      postDial.add(call.id, digits);
      if (repeated) this.#deps.onFound();
      else this.#deps.onPlaced(call);
      this.#openMicrophone(call.id, asked);
      return call;
    } catch (error) {
      asked?.stop();
      legs.close(key);
      // If the fault was here and not the server's, nobody would talk in the call that now rings.
      id.then((callId) => commands.send("hang_up", callId)).catch(() => undefined);
      throw error;
    }
  }

  /** Another phone of the user's dials: nothing of this page is heard. */
  async dialElsewhere(text: string, from: OtherPhone): Promise<void> {
    await this.#deps.commands.dial(plainNumberIn(text), { from });
  }

  /** The desk phone asks about the call that it has. */
  async consultAtTheDesk(about: string, text: string): Promise<void> {
    await this.#deps.commands.consult(about, plainNumberIn(text));
  }

  async answer(callId: string): Promise<void> {
    const { commands, legs } = this.#deps;
    const waiting = this.before();
    const asked = waiting && (await waiting);
    try {
      legs.open(callId);
      await commands.insist("answer", callId);
    } catch (error) {
      asked?.stop();
      legs.close(callId);
      throw error;
    }
    this.#openMicrophone(callId, asked);
  }

  /**
   * What a call has to wait for. Null = nothing: its command then leaves within the user's own
   * click; after an `await` the page would draw first, which takes longer than the way to the
   * server. Without the permission the user decides first: nobody's phone should ring for a call
   * that cannot be spoken in.
   */
  before(): Promise<MediaStreamTrack | null> | null {
    const { microphone, socket } = this.#deps;
    const granted = microphone.state.get() === "granted";
    if (granted && socket.link.get() === "online") return null;
    return this.#microphoneAndLink(granted);
  }

  async #microphoneAndLink(granted: boolean): Promise<MediaStreamTrack | null> {
    const track = granted ? null : await this.#deps.microphone.acquire();
    try {
      await this.#deps.socket.online(WAIT_FOR_LINK_MS);
    } catch (error) {
      track?.stop();
      throw error;
    }
    return track;
  }

  #openMicrophone(callId: string, track: MediaStreamTrack | null): void {
    const { legs } = this.#deps;
    if (track) legs.giveTrack(callId, track);
    else void legs.openMicrophone(callId).catch(() => undefined);
  }
}

function numberIn(text: string): DialInput {
  const input = cleanNumber(text);
  if (!input) throw localProblem("not_a_number", "There is no number in this");
  return input;
}

/** Without digits to send later: only a call with sound of ours can send them. */
function plainNumberIn(text: string): string {
  const { number, postDial } = numberIn(text);
  if (postDial !== "") throw localProblem("desk_digits", "Digits after a number");
  return number;
}
