import { expect, it } from "vitest";
import openapi from "../../../docs/openapi.json";
import en from "../i18n/en.json";
import { problemWords } from "./words.ts";

/** A mistake of this page, the end of the session, or said by the page in its own place. */
const NOT_WORDS =
  /^(bad_json|bad_cursor|bad_month|idempotency_key_reused|unsupported_media_type|if_match_required|origin_refused|not_signed_in|token_refused|session_ended|session_revoked|second_factor_required)$/;
/** What the portal asks for: its own operations, and what it takes to sign in and to prove it. */
const ASKED =
  /^\/api\/v1\/(admin|operator)\/|^\/api\/v1\/auth\/(login|second-step|step-up|passkey|password-reset$)|^\/api\/v1\/(diagnostics|me|terms)$/;

const codes = Object.entries(openapi.paths)
  .filter(([path]) => ASKED.test(path))
  .flatMap(([, operations]) => Object.values(operations) as { responses?: object }[])
  .flatMap(({ responses }) => Object.values(responses ?? {}) as { description: string }[])
  .flatMap(({ description }) => /^code: (.*)/.exec(description)?.[1]?.split(", ") ?? []);

it("has words for every refusal that the gateway's document names", () => {
  expect(codes.length).toBeGreaterThan(100);
  const without = [...new Set(codes)]
    .filter((code) => !NOT_WORDS.test(code))
    .filter((code) => {
      const id = problemWords((one) => one, { status: 400, code, title: "" });
      return id === "problem.other" || !(id in en);
    });
  expect(without.sort()).toEqual([]);
});
