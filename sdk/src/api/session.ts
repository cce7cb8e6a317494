import { type Observable, Store } from "../observable.ts";
import { ProblemError } from "./problem.ts";
import type { RestClient, TokenSource } from "./rest.ts";
import { type SignedOutMark, storedMark } from "./signedOut.ts";
import type { TokenReply } from "./types.ts";

export type SessionState =
  | { kind: "unknown" }
  | { kind: "signed_out"; why: "none" | "user" | "ended" | "expired" }
  | { kind: "signed_in" };

interface Token {
  value: string;
  /** When to stop using it, our clock in ms. */
  until: number;
}

export interface SessionDeps {
  rest: RestClient;
  /** navigator.locks where the browser has it: one tab refreshes, the others wait for the cookie. */
  withLock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  now: () => number;
  device: () => { id?: string; kind: "web" | "pwa"; name: string };
  rememberDevice: (id: string) => void;
  /** This page was reached from the company's own sign-in, which left a cookie. */
  arrived?: (() => boolean) | undefined;
  /** All tabs of the browser see it, and it outlives them. */
  signedOut?: SignedOutMark;
}

/** Renew this long before the end, so that no request meets the last second. */
const MARGIN_MS = 30_000;

/**
 * The browser session: a refresh token in an HttpOnly cookie that only /auth/refresh sees, the
 * access token in memory and nowhere else.
 */
export class Session implements TokenSource {
  readonly #deps: SessionDeps;
  readonly #state = new Store<SessionState>({ kind: "unknown" });
  #token: Token | null = null;
  /** Of the session that the token is of. */
  #id: string | null = null;
  #refreshing: Promise<string | null> | null = null;
  readonly #signedOut: SignedOutMark;
  #telling: Promise<void> | null = null;
  /** Grows when the session is dropped: an answer from before must not bring it back. */
  #era = 0;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#signedOut = deps.signedOut ?? storedMark();
  }

  get state(): Observable<SessionState> {
    return this.#state;
  }

  /** As far as this browser knows there is a session: what needs one may begin beside `resume`. */
  get expected(): boolean {
    return !this.#signedOut.get() && this.#deps.device().id !== undefined;
  }

  /** At start: is there still a session behind the cookie? Being offline is not an answer. */
  async resume(): Promise<void> {
    if (this.#deps.arrived?.()) {
      this.#signedOut.set(false);
      await this.renew();
      return;
    }
    if (this.#signedOut.get()) {
      this.#drop("user");
      await this.#tellSignOut(null).catch(() => undefined);
      return;
    }
    // No device id: nobody ever signed in here, so there is no cookie to try.
    if (this.#deps.device().id === undefined) this.#drop("none");
    else await this.renew();
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.signInBy(() =>
      this.#deps.rest.call("POST /auth/login", {
        body: { email, password, device: this.#deps.device() },
      }),
    );
  }

  /** By whatever way ends with a token: a second step, a passkey, an invitation. */
  async signInBy(ask: () => Promise<TokenReply>): Promise<void> {
    // Its answer takes the cookie away: it must not meet the new one.
    await this.#telling?.catch(() => undefined);
    this.adopt(await ask());
  }

  /** Signed in by another way: an invitation, a second step, a passkey. */
  adopt(answer: TokenReply): void {
    this.#signedOut.set(false);
    this.#keep(answer);
    this.#state.set({ kind: "signed_in" });
  }

  /** What a way to sign in tells the server about this browser. */
  get device(): ReturnType<SessionDeps["device"]> {
    return this.#deps.device();
  }

  /**
   * At once for the page and all later ones. Only the server can take the cookie away; until it
   * was told so, the mark stands for that. Rejects when it could not be told yet.
   */
  async signOut(): Promise<void> {
    const token = this.#token?.value ?? null;
    this.#signedOut.set(true);
    this.#drop("user");
    await this.#tellSignOut(token);
  }

  /** The server said over the socket that the session is over. */
  ended(): void {
    this.#drop("ended");
  }

  async token(): Promise<string | null> {
    if (this.#token && this.#token.until - MARGIN_MS > this.#deps.now()) return this.#token.value;
    return await this.renew();
  }

  renew(): Promise<string | null> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /**
   * The user has signed in anew in another window: this page goes on with that session, and with
   * all that is open on it. False: it is somebody else's, so nothing of the former one may stay.
   */
  async follow(userId: string): Promise<boolean> {
    const era = this.#era;
    const answer = await this.#deps.withLock("offhook-refresh", () =>
      this.#deps.rest.call("POST /auth/refresh", {
        body: { device_id: this.#deps.device().id ?? null },
      }),
    );
    const auth = onlyBy(answer.access_token);
    const same = (await this.#deps.rest.call("GET /me", {}, auth)).user.id === userId;
    if (era !== this.#era) return false;
    if (!same) this.#drop("none");
    this.#keep(answer);
    this.#state.set({ kind: "signed_in" });
    return same;
  }

  async #refresh(): Promise<string | null> {
    const era = this.#era;
    try {
      const answer = await this.#deps.withLock("offhook-refresh", async () =>
        // Another tab may have signed out while this one waited for the lock.
        this.#signedOut.get()
          ? null
          : await this.#deps.rest.call("POST /auth/refresh", {
              // Two tabs may present the same token at once: the same device is forgiven for it.
              body: { device_id: this.#deps.device().id ?? null },
            }),
      );
      if (era !== this.#era) return null;
      if (answer === null) {
        this.#drop("user");
        return null;
      }
      // Another tab may have signed somebody else in: nothing of the former one may stay on this
      // page, and what was about to be asked was asked by them.
      const other = this.#id !== null && this.#id !== answer.session_id;
      if (other) this.#drop("none");
      this.#keep(answer);
      this.#state.set({ kind: "signed_in" });
      return other ? null : answer.access_token;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const wasIn = this.#state.get().kind === "signed_in";
      this.#drop(wasIn ? "expired" : "none");
      return null;
    }
  }

  #tellSignOut(token: string | null): Promise<void> {
    this.#telling ??= this.#logOut(token).finally(() => {
      this.#telling = null;
    });
    return this.#telling;
  }

  /** By the token at hand, or by the cookie: never by a renewed token. */
  async #logOut(token: string | null): Promise<void> {
    try {
      await this.#deps.rest.call("POST /auth/logout", {}, onlyBy(token));
    } catch (error) {
      // 401: there is no session left to end.
      if (!(error instanceof ProblemError) || error.problem.status !== 401) throw error;
    }
    this.#signedOut.set(false);
  }

  #keep(answer: TokenReply): void {
    this.#id = answer.session_id;
    this.#deps.rememberDevice(answer.device_id);
    this.#token = {
      value: answer.access_token,
      until: this.#deps.now() + answer.expires_in * 1000,
    };
  }

  #drop(why: "none" | "user" | "ended" | "expired"): void {
    this.#token = null;
    this.#id = null;
    this.#era += 1;
    this.#state.set({ kind: "signed_out", why });
  }
}

/** By this token and no renewed one. */
function onlyBy(token: string | null): TokenSource {
  return { token: () => Promise.resolve(token), renew: () => Promise.resolve(null) };
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof ProblemError && (error.problem.status === 401 || error.problem.status === 403)
  );
}
