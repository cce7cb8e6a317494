import { isLocal, localProblem, ProblemError } from "../api/problem.ts";
import type { Ack, Call, Problem, ServerEventName, ServerEvents, Stamp } from "../api/types.ts";
import { type Observable, Store } from "../observable.ts";
import { Sequence } from "./sequence.ts";

/** The part of a socket.io-client Socket that we use. The tests bring their own. */
export interface SocketLike {
  readonly connected: boolean;
  connect(): unknown;
  disconnect(): unknown;
  on(event: string, handler: (...args: never[]) => void): unknown;
  onAny(handler: (event: string, payload: unknown) => void): unknown;
  timeout(ms: number): {
    emit(event: string, body: unknown, ack: (error: unknown, reply: Ack) => void): unknown;
  };
}

/** What comes with a refused CONNECT: the server's problem. */
type Refusal = Partial<Pick<Problem, "code" | "status" | "retry_after">>;

export type LinkState = "closed" | "connecting" | "online" | "reconnecting";

export interface PhoneSocketDeps {
  socket: SocketLike;
  /** Called for an event in its place; a snapshot comes first. */
  onEvent: <N extends ServerEventName>(name: N, payload: ServerEvents[N]) => void;
  /** CONNECT was refused. False = the session is known to be over; else it is tried again. */
  onRefused: (status: number | undefined) => Promise<boolean>;
  now: () => number;
  later: (ms: number, work: () => void) => () => void;
}

const ACK_TIMEOUT_MS = 5_000;
/** How long socket.io itself gives a connection to open. */
const OPENS_WITHIN_MS = 5_000;
/** Asking for snapshots in a loop would hide a fault and load the server. */
const RESYNC_EVERY_MS = 1_000;
/** After a refused CONNECT: twice as long each time. The same no will come again at first. */
const REFUSED_MS = 500;
const REFUSED_AT_MOST_MS = 30_000;

/**
 * One socket to `/phone`: commands with acknowledgement, events in order. Media answers are not
 * part of the ordered state, so a gap never holds up a call's audio.
 */
export class PhoneSocket {
  readonly #deps: PhoneSocketDeps;
  readonly #link = new Store<LinkState>("closed");
  readonly #refused = new Store<string | null>(null);
  readonly #sequence = new Sequence();
  readonly #connections = new Store(0);
  #wanted = false;
  #resyncAt = Number.NEGATIVE_INFINITY;
  #cancelRetry: (() => void) | null = null;
  #connectedAt = Number.NEGATIVE_INFINITY;
  /** The question that is out; a new connection makes it void. */
  #probe: object | null = null;
  /** CONNECTs refused since the last snapshot. */
  #refusals = 0;

  constructor(deps: PhoneSocketDeps) {
    this.#deps = deps;
    const { socket } = deps;
    socket.on("connect", () => this.#onConnect());
    socket.on("disconnect", (reason: string) => this.#onDisconnect(reason));
    socket.on("connect_error", (error: Error) => this.#onConnectError(error));
    socket.onAny((event, payload) => this.#onAny(event, payload));
  }

  get link(): Observable<LinkState> {
    return this.#link;
  }

  /** The code of what the server wants first; null once it let us in. */
  get refused(): Observable<string | null> {
    return this.#refused;
  }

  /** How many there were. What was sent over an earlier one, and its answer, may be lost. */
  get connections(): Observable<number> {
    return this.#connections;
  }

  open(): void {
    this.#wanted = true;
    this.#refusals = 0;
    this.#link.set("connecting");
    this.#connect();
  }

  close(): void {
    this.#wanted = false;
    this.#cancelRetry?.();
    this.#sequence.reset();
    this.#deps.socket.disconnect();
    this.#link.set("closed");
    this.#refused.set(null);
  }

  /** After sleep or a network change the old socket may look alive and be dead: replace it. */
  replace(): void {
    if (!this.#wanted) return;
    this.#cancelRetry?.();
    this.#probe = null;
    this.#deps.socket.disconnect();
    this.#connect();
  }

  /** A command had no reply: a socket that looks connected is dead. One that is opening may be good. */
  unanswered(): void {
    if (this.#deps.socket.connected) this.replace();
  }

  /** Resolves once the link is up: what people ask for while it comes up must not be lost. */
  async online(withinMs: number): Promise<void> {
    const isOnline = () => this.#link.get() === "online";
    if (isOnline() || (await this.#sees(isOnline, withinMs))) return;
    throw localProblem("offline", "No connection to the server");
  }

  /** Whether commands can be sent, before the snapshot is here. False = not in that time. */
  async reached(withinMs: number): Promise<boolean> {
    const isOpen = () => this.#deps.socket.connected;
    return isOpen() || (await this.#sees(isOpen, withinMs));
  }

  /**
   * Is the socket alive in both directions? If not within the time, it is replaced: after a change
   * of address it looks connected for seconds while nothing gets through. One that is opening gets
   * its time: over a slow path, beginning again every second would never come to an end.
   */
  probe(withinMs: number, onMiss: () => void): void {
    if (!this.#wanted || this.#probe) return;
    if (!this.#deps.socket.connected) {
      if (this.#deps.now() - this.#connectedAt >= OPENS_WITHIN_MS) this.replace();
      return;
    }
    const probe = (this.#probe = {});
    this.#deps.socket.timeout(withinMs).emit("ping", {}, (error) => {
      if (this.#probe !== probe) return;
      this.#probe = null;
      if (!error) return;
      onMiss();
      this.replace();
    });
  }

  async command(verb: string, body: Record<string, unknown>): Promise<Call | null> {
    return (await this.ask(verb, body)).call ?? null;
  }

  /** The same with all that the answer carries. */
  async ask(verb: string, body: Record<string, unknown>): Promise<Ack & { ok: true }> {
    if (!this.#deps.socket.connected) throw localProblem("offline", "No connection to the server");
    const reply = await new Promise<Ack>((resolve, reject) => {
      this.#deps.socket
        .timeout(ACK_TIMEOUT_MS)
        .emit(verb, body, (error, answer) =>
          error ? reject(localProblem("no_reply", "The server did not reply")) : resolve(answer),
        );
    });
    if (!reply.ok) throw new ProblemError(reply.problem);
    return reply;
  }

  /**
   * The connection may be lost under a command: then nobody knows whether it arrived. It is sent
   * again under the same command_id, which has one effect, so that no call is placed twice and none
   * that was answered is given up. The acknowledgement of a repeated command tells the state of its
   * first time, which may be long past: `repeated` says so.
   */
  async insist(
    verb: string,
    body: Record<string, unknown> & { command_id: string },
    withinMs: number,
  ): Promise<{ call: Call | null; repeated: boolean }> {
    try {
      return { call: await this.command(verb, body), repeated: false };
    } catch (error) {
      if (!isLocal(error)) throw error;
      this.unanswered();
      await this.online(withinMs);
      return { call: await this.command(verb, body), repeated: true };
    }
  }

  #sees(what: () => boolean, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const undo: (() => void)[] = [];
      const done = (seen: boolean) => {
        for (const work of undo) work();
        resolve(seen);
      };
      const look = () => {
        if (what()) done(true);
        else if (this.#link.get() === "closed") done(false);
      };
      undo.push(
        this.#link.subscribe(look),
        this.#connections.subscribe(look),
        this.#deps.later(withinMs, () => done(false)),
      );
    });
  }

  #connect(): void {
    this.#connectedAt = this.#deps.now();
    this.#deps.socket.connect();
  }

  #onConnect(): void {
    // The snapshot, not the connection, makes us online: until it came we know nothing.
    this.#sequence.reset();
    if (this.#link.get() === "online") this.#link.set("reconnecting");
    this.#connections.update((count) => count + 1);
  }

  #onDisconnect(reason: string): void {
    this.#probe = null;
    if (!this.#wanted) return;
    this.#link.set("reconnecting");
    // A kick by the server is the one case in which socket.io does not come back by itself.
    if (reason === "io server disconnect") this.#retry(250);
  }

  #onConnectError(error: Error & { data?: Refusal | null }): void {
    if (!this.#wanted) return;
    if (this.#link.get() === "online") this.#link.set("reconnecting");
    // Without data it is the transport; socket.io goes on trying. With data our server refused,
    // and it does not: without our own retry one refusal would leave the phone offline for good.
    const refusal = error.data;
    if (refusal?.code === undefined) return;
    this.#refused.set(refusal.code);
    const backOff = Math.min(REFUSED_MS * 2 ** this.#refusals, REFUSED_AT_MOST_MS);
    this.#refusals += 1;
    void this.#deps.onRefused(refusal.status).then((again) => {
      if (again) this.#retry(Math.max(backOff, (refusal.retry_after ?? 0) * 1000));
    });
  }

  #retry(ms: number): void {
    this.#cancelRetry?.();
    this.#cancelRetry = this.#deps.later(ms, () => {
      if (this.#wanted && !this.#deps.socket.connected) this.#connect();
    });
  }

  #onAny(event: string, payload: unknown): void {
    if (typeof payload !== "object" || payload === null) return;
    const stamp = payload as Partial<Stamp>;
    const name = event as ServerEventName;
    const data = payload as ServerEvents[typeof name];
    if (typeof stamp.seq !== "number" || typeof stamp.epoch !== "string") {
      this.#deps.onEvent(name, data);
      return;
    }
    const place: Stamp = { epoch: stamp.epoch, seq: stamp.seq };
    if (event === "snapshot") {
      this.#sequence.snapshot(place);
      this.#refusals = 0;
      this.#refused.set(null);
      this.#deps.onEvent("snapshot", data as ServerEvents["snapshot"]);
      this.#link.set("online");
      return;
    }
    const verdict = this.#sequence.judge(place);
    if (verdict === "apply" || event.startsWith("media.")) this.#deps.onEvent(name, data);
    if (verdict === "gap") this.#resync();
  }

  /** Reconnecting brings a snapshot; that is all a gap needs, and it is rare. */
  #resync(): void {
    const now = this.#deps.now();
    if (this.#sequence.position === null || now - this.#resyncAt < RESYNC_EVERY_MS) return;
    this.#resyncAt = now;
    this.replace();
  }
}
