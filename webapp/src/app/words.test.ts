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
};
/** A mistake of this page, the end of the session, or said by the page in its own place. */
const NOT_WORDS =
  /^(bad_json|invalid|too_large|unsupported_media_type|if_match_required|origin_refused|not_found|not_signed_in|token_refused|session_ended|changed_meanwhile)$/;

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
