import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aMe } from "../testing/fakePlatform.ts";
import type { Device, JournalEntry, Numbers, Person, TurnCredentials } from "./types.ts";

interface Schema {
  properties?: Record<string, unknown>;
}

/** The document that the gateway exports from its code: our types may name nothing else. */
const document = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../docs/openapi.json"), "utf8"),
) as { components: { schemas: Record<string, Schema> }; paths: Record<string, unknown> };

const properties = (schema: string) => document.components.schemas[schema]?.properties ?? {};

/** Keys of a type, checked by the compiler: one too many or too few does not build. */
const keys = <T extends object>(all: Record<keyof Required<T>, true>) => Object.keys(all);

describe("the exported API document", () => {
  it.each([
    ["MeView", Object.keys(aMe())],
    ["UserView", Object.keys(aMe().user)],
    ["LineView", Object.keys(aMe().line ?? {})],
    ["SiteView", Object.keys(aMe().site ?? {})],
    ["HintView", ["number", "name", "about"]],
    ["NumberView", keys<Numbers>({ dialled: true, canonical: true, display: true })],
    ["PersonView", keys<Person>({ user_id: true, name: true, email: true, number: true })],
    ["DeviceView", keys<Device>({ id: true, kind: true, name: true, last_seen: true })],
    [
      "TurnView",
      keys<TurnCredentials>({ urls: true, username: true, credential: true, ttl: true }),
    ],
    [
      "EntryView",
      keys<JournalEntry>({
        id: true,
        call_id: true,
        direction: true,
        kind: true,
        reason: true,
        name: true,
        number: true,
        started_at: true,
        answered_at: true,
        ended_at: true,
        duration_ms: true,
        device_id: true,
        unread: true,
        diverted_by: true,
      }),
    ],
    ["DirectoryPage", ["items", "next_cursor"]],
    ["JournalPage", ["items", "next_cursor"]],
    ["TokenReply", ["access_token", "expires_in", "device_id"]],
    ["LoginRequest", ["email", "password", "device"]],
    ["RefreshRequest", ["device_id"]],
    ["Problem", ["status", "code", "title", "detail"]],
  ])("has every field of %s that we use", (schema, used) => {
    expect(Object.keys(properties(schema))).toEqual(expect.arrayContaining(used));
  });

  it.each([
    "/auth/login",
    "/auth/refresh",
    "/auth/logout",
    "/directory",
    "/journal",
    "/journal/{id}",
    "/journal/read",
    "/turn-credentials",
  ])("has %s", (path) => {
    expect(Object.keys(document.paths)).toContain(`/api/v1${path}`);
  });
});
