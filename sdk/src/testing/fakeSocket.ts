import type { Ack, ServerEventName, ServerEvents } from "../api/types.ts";
import type { SocketLike } from "../realtime/socket.ts";

/** Stand-in for a socket.io-client socket, with the server's side in the test's hand. */
export class FakeSocket implements SocketLike {
  connected = false;
  connects = 0;
  /** `within`: the time given for the acknowledgement. */
  readonly sent: { event: string; body: Record<string, unknown>; within: number }[] = [];
  /** Answers commands; null = no answer ever. */
  reply: (event: string, body: Record<string, unknown>) => Ack | null = () => ({ ok: true });
  /** Whether connect() succeeds at once. */
  reachable = true;
  onConnect: (() => void) | null = null;
  readonly #handlers = new Map<string, ((...args: never[]) => void)[]>();
  readonly #any: ((event: string, payload: unknown) => void)[] = [];
  #seq = 0;
  #epoch = 0;

  connect(): void {
    this.connects += 1;
    if (!this.reachable) return;
    this.connected = true;
    this.#epoch += 1;
    this.#seq = 0;
    this.#fire("connect");
    this.onConnect?.();
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    this.#fire("disconnect", "io client disconnect");
  }

  on(event: string, handler: (...args: never[]) => void): void {
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
  }

  onAny(handler: (event: string, payload: unknown) => void): void {
    this.#any.push(handler);
  }

  timeout(within: number): ReturnType<SocketLike["timeout"]> {
    return {
      emit: (event, body, ack) => {
        this.sent.push({ event, body: body as Record<string, unknown>, within });
        const reply = this.reply(event, body as Record<string, unknown>);
        if (reply) void Promise.resolve().then(() => ack(null, reply));
        else ack(new Error("timeout"), { ok: true });
      },
    };
  }

  /** The server sends an event in its place. */
  serve<N extends ServerEventName>(name: N, payload: ServerEvents[N]): void {
    this.#seq += 1;
    this.raw(name, { ...payload, epoch: String(this.#epoch), seq: this.#seq });
  }

  /** An event got lost on the way. */
  skip(): void {
    this.#seq += 1;
  }

  raw(name: string, payload: unknown): void {
    for (const handler of this.#any) handler(name, payload);
  }

  /** The connection breaks. */
  drop(reason = "transport close"): void {
    this.connected = false;
    this.#fire("disconnect", reason);
  }

  refuse(code: string): void {
    this.#fire("connect_error", Object.assign(new Error(code), { data: { code } }));
  }

  commands(event: string): Record<string, unknown>[] {
    return this.sent.filter((item) => item.event === event).map((item) => item.body);
  }

  #fire(event: string, ...args: unknown[]): void {
    for (const handler of this.#handlers.get(event) ?? []) {
      (handler as (...given: unknown[]) => void)(...args);
    }
  }
}
