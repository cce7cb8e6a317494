import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import ca from "./ca.json";
import de from "./de.json";
import en from "./en.json";
import es from "./es.json";
import fr from "./fr.json";
import it_ from "./it.json";
import nl from "./nl.json";

const catalogues = { en, de, fr, es, it: it_, nl, ca } as const;
// Shared components read messages by themselves.
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "../../../ui/src/**/*.{ts,tsx}"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const code = Object.entries(sources)
  .filter(([file]) => !file.includes(".test."))
  .map(([, text]) => text)
  .join("\n");

/** Names of the values that a message uses, in any order. */
function values(message: string): Set<string> {
  const found = new Set<string>();
  const walk = (elements: MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type !== TYPE.literal && element.type !== TYPE.pound) found.add(element.value);
      if ("options" in element) {
        for (const option of Object.values(element.options)) walk(option.value);
      }
    }
  };
  walk(parse(message));
  return found;
}

describe.each(Object.entries(catalogues))("%s", (_language, messages: Record<string, string>) => {
  it("has every message and no other", () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
  });

  it("is well formed and takes the same values as English", () => {
    for (const [id, message] of Object.entries(messages)) {
      expect(() => parse(message), id).not.toThrow();
      expect(values(message), id).toEqual(values((en as Record<string, string>)[id] ?? ""));
    }
  });
});

describe("the messages", () => {
  // word("prefix", value) and t(`prefix.${value}`): the rest of the id is the server's value.
  const prefixes = new Set(
    [...code.matchAll(/word\(\s*"(\w+)"|`([\w.]+)\.\$\{/g)].map(
      ([, word, template]) => word ?? template ?? "",
    ),
  );

  it("are all used", () => {
    const unused = Object.keys(en).filter(
      (id) =>
        !code.includes(`"${id}"`) && ![...prefixes].some((prefix) => id.startsWith(`${prefix}.`)),
    );
    expect(unused).toEqual([]);
  });
});
