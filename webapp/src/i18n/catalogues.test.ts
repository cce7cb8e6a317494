import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import ca from "./ca.json";
import de from "./de.json";
import en from "./en.json";
import es from "./es.json";
import fr from "./fr.json";
import it_ from "./it.json";
import nl from "./nl.json";

const catalogues = { de, fr, es, it: it_, nl, ca } as const;

/** What a message is given, and the words that choose between its forms: all of them, in order. */
function values(message: string): string[] {
  const found = new Set<string>();
  const walk = (elements: MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      if (element.type === TYPE.tag) throw new Error(`a tag: ${element.value}`);
      found.add(element.value);
      if (element.type !== TYPE.select && element.type !== TYPE.plural) continue;
      for (const [choice, { value }] of Object.entries(element.options)) {
        if (element.type === TYPE.select) found.add(`${element.value}=${choice}`);
        walk(value);
      }
    }
  };
  walk(parse(message));
  return [...found].sort();
}

describe.each(Object.entries(catalogues))("%s", (_language, messages: Record<string, string>) => {
  it("has every message and no other", () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
  });

  it("is well formed, says something, and takes the same values as English", () => {
    for (const [id, message] of Object.entries(messages)) {
      expect(message.trim(), id).not.toBe("");
      expect(values(message), id).toEqual(values((en as Record<string, string>)[id] ?? ""));
    }
  });
});
