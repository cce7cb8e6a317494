import { RestClient, Session } from "@offhook/sdk/api";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Api } from "../app/api.ts";
import { App } from "../app/App.tsx";

interface Asked {
  route: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

type Answer =
  { status?: number; body?: unknown } | ((asked: Asked) => { status?: number; body?: unknown });

const ADMIN = [
  "audit.read",
  "connector.read",
  "connector.test",
  "contacts.write",
  "imports.write",
  "keys.read",
  "keys.write",
  "people.erase",
  "people.invite",
  "people.read",
  "people.write",
  "roles.write",
  "sessions.end",
  "sign_in.write",
  "sites.write",
  "tenant.read",
  "tenant.write",
  "usage.read",
];

export const TOKEN = { access_token: "t", expires_in: 600, device_id: "d-1" };

export function meWith(permissions: readonly string[] = ADMIN) {
  return {
    user: { id: "u-1", name: "Ada Admin", email: "ada@example.test", role: "admin", permissions },
    tenant: { id: "t-1", name: "Example" },
  };
}

/** The whole portal over a faked gateway that answers by route, as "GET /me" or "GET /admin/x/1". */
export function openPortal(answers: Record<string, Answer>, signedIn = true) {
  const asked: Asked[] = [];
  const all: Record<string, Answer> = {
    "POST /auth/refresh": signedIn
      ? { body: TOKEN }
      : { status: 401, body: { code: "session_ended" } },
    "POST /auth/logout": { status: 204 },
    "GET /me": { body: meWith() },
    "GET /announcements": { body: { items: [], next_cursor: null } },
    "GET /admin/sites": { body: { items: [], next_cursor: null } },
    "GET /admin/people-templates": { body: { items: [], next_cursor: null } },
    ...answers,
  };
  const fetch = (input: string, init: RequestInit): Promise<Response> => {
    const url = new URL(input, "http://portal.test");
    const one: Asked = {
      route: `${init.method ?? "GET"} ${url.pathname.replace("/api/v1", "")}`,
      query: url.searchParams,
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : init.body,
      headers: new Headers(init.headers),
    };
    asked.push(one);
    const answer = all[one.route] ?? { status: 404, body: { code: "not_found", title: one.route } };
    const { status = 200, body = null } = typeof answer === "function" ? answer(one) : answer;
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));
  };
  const rest = new RestClient("/api/v1", fetch);
  const session = new Session({
    rest,
    withLock: (_, work) => work(),
    now: () => Date.now(),
    device: () => ({ id: "d-1", kind: "web", name: "Test" }),
    rememberDevice: () => undefined,
  });
  const api = new Api({ rest, session });
  render(<App api={api} />);
  return {
    user: userEvent.setup({ delay: null }),
    api,
    /** What was asked of one route, in order. */
    asked: (route: string) => asked.filter((one) => one.route === route),
  };
}
