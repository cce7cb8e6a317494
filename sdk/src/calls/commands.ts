import { ProblemError } from "../api/problem.ts";
import type { Call } from "../api/types.ts";
import type { PhoneSocket } from "../realtime/socket.ts";

/** A command given while the connection comes up waits for it, this long. */
export const WAIT_FOR_LINK_MS = 5_000;

const OVER = new Set(["call_unknown", "call_over"]);

/** The server knows no such call any more, whatever we have on the page. */
export function isOver(error: unknown): boolean {
  return error instanceof ProblemError && OVER.has(error.code);
}

/** What a dial brought. Repeated, `call` tells how it began: it may have moved on or ended since. */
export interface Placed {
  call: Call | null;
  repeated: boolean;
}

/** Phones of the user's that are not ours: the phone system rings or dials there. */
export type OtherPhone = "desk_phone" | "alternative";

export interface DialHow {
  from?: OtherPhone;
  /** For this call only. */
  hide_number?: true;
}

/** One that was offered, one that rings at a number, or one that is parked. */
export type Fetch =
  | { verb: "pickup"; id: string }
  | { verb: "pickup"; number: string }
  | { verb: "unpark"; slot: string };

/** Commands about calls, each under an id of its own so that it has one effect. */
export class CallCommands {
  readonly #socket: PhoneSocket;
  readonly #uuid: () => string;
  readonly #onOver: (callId: string) => void;

  constructor(socket: PhoneSocket, uuid: () => string, onOver: (callId: string) => void) {
    this.#socket = socket;
    this.#uuid = uuid;
    this.#onOver = onOver;
  }

  async send(verb: string, callId: string, more: object = {}): Promise<void> {
    const body = { call_id: callId, ...more, command_id: this.#uuid() };
    await this.#watch(callId, this.#socket.command(verb, body));
  }

  /** Once more if nobody knows whether it arrived. */
  async insist(verb: string, callId: string): Promise<void> {
    const body = { call_id: callId, command_id: this.#uuid() };
    await this.#watch(callId, this.#socket.insist(verb, body, WAIT_FOR_LINK_MS));
  }

  dial(to: string, how: DialHow = {}): Promise<Placed> {
    const body = { to, ...how, command_id: this.#uuid() };
    return this.#socket.insist("dial", body, WAIT_FOR_LINK_MS);
  }

  /** A call that waits or rings elsewhere comes to this line. */
  fetch(wish: Fetch): Promise<Placed> {
    const { verb, ...what } = wish;
    return this.#socket.insist(verb, { ...what, command_id: this.#uuid() }, WAIT_FOR_LINK_MS);
  }

  consult(callId: string, to: string): Promise<Placed> {
    const body = { call_id: callId, to, command_id: this.#uuid() };
    return this.#socket.insist("consult", body, WAIT_FOR_LINK_MS);
  }

  async #watch(callId: string, reply: Promise<unknown>): Promise<void> {
    try {
      await reply;
    } catch (error) {
      if (isOver(error)) this.#onOver(callId);
      throw error;
    }
  }
}
