import { describe, expect, it } from "vitest";
import openapi from "../../../docs/openapi.json";
import en from "../i18n/en.json";
import { problemWords } from "./words.ts";

const { paths } = openapi;
/** What people set; what the gateway may answer to it stands in its API document. */
const SET = {
  "own presence": paths["/api/v1/presence"].patch,
  routing: paths["/api/v1/routing"].put,
  forwarding: paths["/api/v1/forwarding/{kind}"].put,
  "the journal as a file": paths["/api/v1/journal.csv"].get,
  settings: paths["/api/v1/me/settings"].put,
  "a password": paths["/api/v1/auth/login"].post,
  "a second step": paths["/api/v1/auth/second-step"].post,
  "a passkey": paths["/api/v1/auth/passkey/finish"].post,
  "a forgotten password": paths["/api/v1/auth/password-reset"].post,
  "a new password by letter": paths["/api/v1/auth/password-reset/finish"].post,
  "an invitation": paths["/api/v1/auth/invitation"].post,
  "an invitation taken up": paths["/api/v1/auth/invitation/accept"].post,
  "a proof": paths["/api/v1/auth/step-up"].post,
  "a changed password": paths["/api/v1/me/password"].put,
  "an app for codes": paths["/api/v1/me/totp"].post,
  "the first code": paths["/api/v1/me/totp/confirm"].post,
  "new recovery codes": paths["/api/v1/me/recovery-codes"].post,
  "a new passkey": paths["/api/v1/me/passkeys"].post,
  "a passkey that goes": paths["/api/v1/me/passkeys/{id}"].delete,
  "a new address": paths["/api/v1/me/email"].post,
  "its code": paths["/api/v1/me/email/confirm"].post,
  "a contact": paths["/api/v1/contacts"].post,
  "a changed contact": paths["/api/v1/contacts/{id}"].put,
  "an address book": paths["/api/v1/contacts/import"].post,
  "an account elsewhere": paths["/api/v1/me/contact-sources/microsoft/connect"].post,
};
/** A mistake of this page, the end of the session, or said by the page in its own place. */
const NOT_WORDS =
  /^(bad_json|idempotency_key_reused|invalid|too_large|unsupported_media_type|if_match_required|origin_refused|not_found|not_signed_in|token_refused|session_ended|changed_meanwhile|second_factor_required)$/;

describe("a refusal", () => {
  it.each(Object.entries(SET))("of %s has words of its own", (_what, { responses }) => {
    const codes = Object.values(responses as Record<string, { description: string }>)
      .flatMap(({ description }) => /^code: (.*)/.exec(description)?.[1]?.split(", ") ?? [])
      .filter((code) => !NOT_WORDS.test(code));
    for (const code of codes) {
      const id = problemWords((one) => one, { status: 400, code, title: "" });
      expect(id, code).not.toBe("problem.other");
      expect(en, code).toHaveProperty([id]);
    }
  });
});
