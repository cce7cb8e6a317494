import { parse } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import file from "../../../docs/openapi.json";
import { type ApiDocument, choices, exampleOf, groupsOf, matching, resolved } from "./document.ts";
import { curlOf, python, pythonOf } from "./sample.ts";
import ca from "./words/ca.json";
import de from "./words/de.json";
import en from "./words/en.json";
import es from "./words/es.json";
import fr from "./words/fr.json";
import it_ from "./words/it.json";
import nl from "./words/nl.json";

const api = file as unknown as ApiDocument;
const groups = groupsOf(api);
const operations = groups.flatMap((group) => group.operations);
const named = (id: string) => {
  const found = operations.find((one) => one.operationId === id);
  if (!found) throw new Error(id);
  return found;
};

describe.each(Object.entries({ en, de, es, fr, it: it_, nl, ca }))("%s", (_, words) => {
  it("has every word, well formed", () => {
    expect(Object.keys(words)).toEqual(Object.keys(en));
    for (const word of Object.values(words)) expect(() => parse(word)).not.toThrow();
  });
});

describe("the API's document", () => {
  it("is shown whole, with samples of every operation", () => {
    expect(operations.length).toBeGreaterThan(200);
    expect(new Set(operations.map((one) => one.operationId)).size).toBe(operations.length);
    for (const operation of operations.filter((one) => !one.sent)) {
      expect(curlOf(api, operation, "https://x.test")).toContain(`curl -X ${operation.method}`);
      expect(pythonOf(api, operation, "https://x.test")).toContain("Client(");
    }
  });

  it("is searched by every word of the wish", () => {
    const found = matching(groups, "DIAL user").flatMap((group) => group.operations);
    expect(found.map((one) => one.operationId)).toContain("callcontrol_dial");
    expect(matching(groups, "dial nonsense")).toEqual([]);
  });

  it("has an example of every body, which the samples use", () => {
    const invite = named("people_invite_many");
    expect(curlOf(api, invite, "https://x.test")).toContain("all_new");
    expect(pythonOf(api, invite, "https://x.test")).toContain("all_new");
    expect(curlOf(api, named("people_one"), "https://x.test")).toMatch(/people\/[0-9a-f-]{36}'/);
    for (const { requestBody } of operations) {
      const json = requestBody?.content["application/json"];
      if (json) expect(exampleOf(api, json)).toBeDefined();
    }
  });

  it("tells what null adds to a schema", () => {
    const union = { anyOf: [{ type: "string" }, { type: "null" }] };
    expect(choices(union)).toEqual({ choices: [{ type: "string" }], nullable: true });
    expect(resolved(api, union).name).toBe(null);
  });

  it("speaks Python", () => {
    const value = { a: true, b: null, c: ["x"], d: {} };
    expect(python(value)).toBe(
      '{\n    "a": True,\n    "b": None,\n    "c": ["x"],\n    "d": {},\n}',
    );
  });
});
