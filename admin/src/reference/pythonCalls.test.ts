import { expect, it } from "vitest";
import file from "../../../docs/openapi.json";
import { type ApiDocument, groupsOf } from "./document.ts";
import { pythonOf } from "./sample.ts";

const CLIENT =
  Object.values(
    import.meta.glob<string>("../../../docs/examples/python/offhook_client.py", {
      query: "?raw",
      import: "default",
      eager: true,
    }),
  )[0] ?? "";
const api = file as unknown as ApiDocument;
const operations = groupsOf(api)
  .flatMap((group) => group.operations)
  .filter((one) => !one.sent);

/** What stands between the bracket at `start` and the one that closes it, part by part. */
function partsAt(text: string, start: number): string[] {
  const parts: string[] = [];
  let [depth, part, quoted] = [0, "", false];
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (quoted && sign === "\\") {
      part += sign + (text[(at += 1)] ?? "");
      continue;
    }
    if (sign === '"') quoted = !quoted;
    if (!quoted && "([{".includes(sign) && (depth += 1) === 1) continue;
    if (!quoted && ")]}".includes(sign)) depth -= 1;
    if (depth === 0 || (depth === 1 && !quoted && sign === ",")) {
      if (part.trim() !== "") parts.push(part.trim());
      part = "";
      if (depth === 0) return parts;
    } else part += sign;
  }
  throw new Error(`no end: ${text.slice(start, start + 40)}`);
}

interface Signature {
  least: number;
  most: number;
  names: ReadonlySet<string>;
  anyName: boolean;
}

function signatureOf(method: string): Signature {
  const start = CLIENT.search(new RegExp(`def ${method}\\(`));
  if (start < 0) throw new Error(`the client has no ${method}`);
  const all = partsAt(CLIENT, CLIENT.indexOf("(", start)).filter((one) => one !== "self");
  const named = all.filter((one) => !one.startsWith("*"));
  const star = all.findIndex((one) => one.startsWith("*"));
  const placed = star < 0 ? all : all.slice(0, star);
  return {
    least: placed.filter((one) => !one.includes("=")).length,
    most: placed.length,
    names: new Set(named.map((one) => one.split(":")[0] ?? "")),
    anyName: all.some((one) => one.startsWith("**")),
  };
}

it.each(operations.map((one) => [one.operationId, one] as const))(
  "%s: the client takes this call",
  (_, operation) => {
    const sample = pythonOf(api, operation, "https://x.test");
    const call = /client\.(\w+)\(/.exec(sample);
    if (!call) throw new Error(sample);
    const signature = signatureOf(call[1] ?? "");
    const given = partsAt(sample, call.index + call[0].length - 1);
    const names = given.flatMap((one) => /^(\w+)=/.exec(one)?.[1] ?? []);
    expect(given.length - names.length).toBeGreaterThanOrEqual(signature.least);
    expect(given.length - names.length).toBeLessThanOrEqual(signature.most);
    if (!signature.anyName) expect(names.filter((one) => !signature.names.has(one))).toEqual([]);
    const asked = (operation.parameters ?? []).filter((one) => one.in === "query" && one.required);
    expect(names).toEqual(expect.arrayContaining(asked.map((one) => one.name)));
  },
);

it("does once what must not be done twice", () => {
  const found = operations.filter((one) =>
    one.parameters?.some(({ name }) => name === "Idempotency-Key"),
  );
  expect(found.length).toBeGreaterThan(0);
  for (const one of found) expect(pythonOf(api, one, "https://x.test")).toContain(", once=True)");
});

it("keeps a file as it comes", () => {
  const found = operations.find((one) => one.path.endsWith("/journal.csv"));
  expect(found && pythonOf(api, found, "https://x.test")).toContain(
    'open("FILE", "wb").write(client.get("/journal.csv"))',
  );
});
