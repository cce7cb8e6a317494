import {
  type Body,
  type BrowserSession,
  ProblemError,
  type Reply,
  type RequestOptions,
  type RestClient,
  type Route,
  type Session,
  Store,
} from "@offhook/sdk/api";
import { noteTrouble } from "./trouble.ts";

/** Somebody must prove anew who they are before the act goes on; `done` says whether they did. */
export interface StepUpRequest {
  /** By which means: password, totp ... None: only a new sign-in proves it. */
  methods: readonly string[];
  /** Where the company's provider asks for a new proof, if it alone can tell. */
  signOn?: string;
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

  /** Without a session: for the ways to get one. */
  get rest(): RestClient {
    return this.#parts.rest;
  }

  call<R extends Route>(route: R, options: RequestOptions<R> = {}): Promise<Reply<R>> {
    return this.#noted(route, () => this.#parts.rest.call(route, options, this.session));
  }

  /** A change of a thing that has a version. */
  send<R extends Route>(route: R, body: Body<R>, options: RequestOptions<R> = {}) {
    return this.call(route, { ...options, body });
  }

  download<R extends Route>(route: R, options: RequestOptions<R> = {}): Promise<Blob> {
    return this.#noted(route, () => this.#parts.rest.download(route, options, this.session));
  }

  async #noted<T>(route: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#proven(work);
    } catch (error) {
      if (error instanceof ProblemError) noteTrouble(route, error.problem);
      throw error;
    }
  }

  async #proven<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "step_up_required") throw error;
      const { methods, sign_on } = error.details;
      const offered = Array.isArray(methods) ? methods.map(String) : [];
      const signOn = typeof sign_on === "string" ? { signOn: sign_on } : {};
      if (!(await this.#askForProof({ methods: offered, ...signOn }))) throw error;
      return await work();
    }
  }

  /** One question at a time: whoever else needs its answer waits for the same. */
  #askForProof(asked: Omit<StepUpRequest, "done">): Promise<boolean> {
    this.#asking ??= new Promise<boolean>((resolve) => {
      this.stepUp.set({
        ...asked,
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
