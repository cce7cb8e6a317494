import {
  type Body,
  type BrowserSession,
  ProblemError,
  type Reply,
  type RequestOptions,
  type Route,
  type Session,
  Store,
} from "@offhook/sdk/api";

/** Somebody must prove anew who they are before the act goes on; `done` says whether they did. */
export interface StepUpRequest {
  /** By which means: password, totp ... None: only a new sign-in proves it. */
  methods: readonly string[];
  done: (proven: boolean) => void;
}

/**
 * What the portal asks of the gateway, as the signed-in user. An act that needs a fresh proof of
 * identity waits for it and is sent again; whoever called it sees the result only.
 */
export class Api {
  readonly #parts: BrowserSession;
  readonly stepUp = new Store<StepUpRequest | null>(null);
  #asking: Promise<boolean> | null = null;

  constructor(parts: BrowserSession) {
    this.#parts = parts;
  }

  get session(): Session {
    return this.#parts.session;
  }

  call<R extends Route>(route: R, options: RequestOptions<R> = {}): Promise<Reply<R>> {
    return this.#proven(() => this.#parts.rest.call(route, options, this.session));
  }

  /** A change of a thing that has a version. */
  send<R extends Route>(route: R, body: Body<R>, options: RequestOptions<R> = {}) {
    return this.call(route, { ...options, body });
  }

  download<R extends Route>(route: R, options: RequestOptions<R> = {}): Promise<Blob> {
    return this.#proven(() => this.#parts.rest.download(route, options, this.session));
  }

  async #proven<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "step_up_required") throw error;
      const { methods } = error.details;
      const offered = Array.isArray(methods) ? methods.map(String) : [];
      if (!(await this.#askForProof(offered))) throw error;
      return await work();
    }
  }

  /** One question at a time: whoever else needs its answer waits for the same. */
  #askForProof(methods: readonly string[]): Promise<boolean> {
    this.#asking ??= new Promise<boolean>((resolve) => {
      this.stepUp.set({
        methods,
        done: (proven) => {
          this.stepUp.set(null);
          this.#asking = null;
          resolve(proven);
        },
      });
    });
    return this.#asking;
  }
}
