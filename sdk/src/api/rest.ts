import { localProblem, ProblemError } from "./problem.ts";
import type { Body, PathParameters, Query, Reply, Route } from "./routes.ts";
import type { Problem } from "./types.ts";

export interface TokenSource {
  /** The access token in memory, fresh enough to use; null when signed out. */
  token(): Promise<string | null>;
  /** The server refused the token: get another one or give null. */
  renew(): Promise<string | null>;
}

export interface RequestOptions<R extends Route> {
  /** For the names in braces. */
  path?: PathParameters<R>;
  query?: Query<R>;
  body?: Body<R>;
  /** Sent as it is, in place of a body of JSON. */
  file?: Blob;
  /** The version that a change was made from. */
  ifMatch?: number;
  /** It is sent even if the page is closed now. */
  keepalive?: boolean;
  signal?: AbortSignal;
}

type Values = Readonly<Record<string, string | number | null | undefined>>;

/** The same, for any route. */
interface AnyOptions {
  path?: Values;
  query?: Values;
  body?: unknown;
  file?: Blob;
  ifMatch?: number;
  keepalive?: boolean;
  signal?: AbortSignal;
}

/** A network that swallows packets gives no error for minutes; those who wait hold a lock. */
const TIMEOUT_MS = 8_000;
const FILE_TIMEOUT_MS = 120_000;

type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** JSON over HTTPS with problem+json errors. What is asked and answered, the routes' types say. */
export class RestClient {
  readonly #base: string;
  readonly #fetch: Fetch;
  /** Server clock minus ours, in ms, from the Date header: timers start right after a reload. */
  clockSkewMs = 0;

  constructor(base: string, fetchImpl: Fetch) {
    this.#base = base;
    this.#fetch = fetchImpl;
  }

  /** With a token source: one retry with a renewed token after 401. */
  async call<R extends Route>(
    route: R,
    options: RequestOptions<R> = {},
    auth?: TokenSource,
  ): Promise<Reply<R>> {
    const patience = options.file ? FILE_TIMEOUT_MS : TIMEOUT_MS;
    const response = await this.#ask(route, options, auth, patience);
    return await this.#read<Reply<R>>(response, options.signal);
  }

  /** A file, whatever is in it. Its end may be a while away. */
  async download<R extends Route>(
    route: R,
    options: RequestOptions<R>,
    auth: TokenSource,
  ): Promise<Blob> {
    const response = await this.#ask(route, options, auth, FILE_TIMEOUT_MS);
    if (!response.ok) await this.#read(response, options.signal);
    return await reaching(options.signal, () => response.blob());
  }

  async #ask(
    route: Route,
    options: AnyOptions,
    auth: TokenSource | undefined,
    patience: number,
  ): Promise<Response> {
    let token = auth ? await auth.token() : null;
    const response = await this.#send(route, options, token, patience);
    if (response.status !== 401 || !auth) return response;
    token = await auth.renew();
    return token === null ? response : await this.#send(route, options, token, patience);
  }

  async #send(
    route: Route,
    options: AnyOptions,
    token: string | null,
    patience: number,
  ): Promise<Response> {
    const [method = "", template = ""] = route.split(" ");
    const target = fill(template, options.path) + queryString(options.query);
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== null) headers["authorization"] = `Bearer ${token}`;
    if (options.body !== undefined) headers["content-type"] = "application/json";
    if (options.ifMatch !== undefined) headers["if-match"] = `"${options.ifMatch}"`;
    const init: RequestInit = {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: withTimeout(patience, options.signal),
    };
    if (options.keepalive === true) init.keepalive = true;
    if (options.body !== undefined) init.body = JSON.stringify(options.body);
    if (options.file !== undefined) {
      headers["content-type"] = options.file.type || "application/octet-stream";
      init.body = options.file;
    }
    return await reaching(options.signal, () => this.#fetch(this.#base + target, init));
  }

  async #read<T>(response: Response, signal?: AbortSignal): Promise<T> {
    const date = Date.parse(response.headers.get("date") ?? "");
    if (!Number.isNaN(date)) this.clockSkewMs = nearSkew(date - Date.now());
    if (response.status === 204) return undefined as T;
    const text = await reaching(signal, () => response.text());
    const body = parseJson(text);
    if (response.ok && body !== undefined) return body as T;
    throw problemOf(response, body);
  }
}

/** The time covers the body as well. AbortSignal.any is younger than the browsers we promise. */
function withTimeout(patience: number, wish?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(patience);
  if (!wish) return timeout;
  const either = new AbortController();
  for (const signal of [wish, timeout]) {
    const abort = () => either.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true, signal: either.signal });
  }
  return either.signal;
}

/** No answer is "offline", whether the network said so or our patience ended. */
async function reaching<T>(wish: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (wish?.aborted) throw error;
    throw localProblem("offline", "The server cannot be reached");
  }
}

/** The header counts whole seconds: a difference under one second is no difference. */
function nearSkew(ms: number): number {
  return Math.abs(ms) < 1500 ? 0 : ms;
}

function fill(template: string, values: Values = {}): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  );
}

function queryString(query: Values = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) params.set(name, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

function parseJson(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function problemOf(response: Response, body: unknown): ProblemError {
  const details = (typeof body === "object" && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  const given = details as Partial<Problem>;
  const problem: Problem = {
    status: response.status,
    code: given.code ?? (response.status >= 500 ? "server_error" : `http_${response.status}`),
    title: given.title ?? response.statusText,
  };
  if (given.detail !== undefined) problem.detail = given.detail;
  if (given.errors !== undefined) problem.errors = given.errors;
  const wait = given.retry_after ?? Number(response.headers.get("retry-after") ?? Number.NaN);
  if (Number.isFinite(wait)) problem.retry_after = wait;
  return new ProblemError(problem, details);
}
