import { parse } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import ca from "./ca.json";
import de from "./de.json";
import en from "./en.json";
import es from "./es.json";
import fr from "./fr.json";
import it_ from "./it.json";
import nl from "./nl.json";

const catalogues = { de, fr, es, it: it_, nl, ca } as const;

/** Names of the values that a message uses, in any order. */
function values(message: string): string[] {
  return [...message.matchAll(/\{(\w+)(?=[,}])/g)].map((match) => match[1] ?? "").sort();
}

describe.each(Object.entries(catalogues))("%s", (_language, messages: Record<string, string>) => {
  it("has every message and no other", () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
  });

  it("is well formed and takes the same values as English", () => {
    for (const [id, message] of Object.entries(messages)) {
      expect(() => parse(message), id).not.toThrow();
      const theirs = new Set(values(message));
      const ours = new Set(values((en as Record<string, string>)[id] ?? ""));
      for (const name of theirs) expect(ours, `${id}: ${name}`).toContain(name);
    }
  });
});
