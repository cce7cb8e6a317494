import { type ApiDocument, choices, type Operation, resolved, type Schema } from "./document.ts";

const DEEPEST = 6;
const ID = "01948a5d-ac96-774b-bcce-b302099a8057";
const BY_FORMAT: Record<string, string> = {
  "date-time": "2026-01-02T10:00:00Z",
  date: "2026-01-02",
  email: "anna@example.com",
  uuid: ID,
};

/** A value that looks like the schema; only what has to be there, unless `all` is wanted. */
export function sampleOf(document: ApiDocument, from: Schema, all = false, depth = 0): unknown {
  const { schema } = resolved(document, from);
  if (schema.examples !== undefined && schema.examples.length > 0) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  const first = choices(schema).choices[0];
  if (first !== undefined && first !== schema) return sampleOf(document, first, all, depth);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object" || schema.properties !== undefined) {
    if (depth > DEEPEST) return {};
    const required = new Set(schema.required);
    const members = Object.entries(schema.properties ?? {});
    const wanted = members.filter(([name]) => all || required.has(name));
    return Object.fromEntries(
      wanted.map(([name, member]) => [name, sampleOf(document, member, all, depth + 1)]),
    );
  }
  if (type === "array") {
    return schema.items && depth <= DEEPEST
      ? [sampleOf(document, schema.items, all, depth + 1)]
      : [];
  }
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return schema.minimum ?? 1;
  if (type === "null") return null;
  return BY_FORMAT[schema.format ?? ""] ?? "string";
}

interface Parts {
  path: string;
  query: readonly string[];
  headers: string[];
  body: unknown;
  upload: string | null;
}

/** What a request of this operation is made of, shortest first. */
function partsOf(document: ApiDocument, operation: Operation): Parts {
  const parameters = operation.parameters ?? [];
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === "id" ? ID : name.toUpperCase(),
  );
  const query = parameters
    .filter((one) => one.in === "query" && one.required)
    .map((one) => one.name);
  const headers = parameters.filter((one) => one.in === "header").map((one) => one.name);
  const content = operation.requestBody?.content ?? {};
  const json = content["application/json"];
  const body = json?.example ?? (json?.schema ? sampleOf(document, json.schema) : undefined);
  const upload = json ? null : (Object.keys(content)[0] ?? null);
  return { path, query, headers, body, upload };
}

export function curlOf(document: ApiDocument, operation: Operation, base: string): string {
  const { path, query, headers, body, upload } = partsOf(document, operation);
  const asked = query.map((name) => `${name}=${name.toUpperCase()}`).join("&");
  const lines = [`curl -X ${operation.method} '${base}${path}${asked && `?${asked}`}'`];
  if (operation.security) lines.push(`-H "Authorization: Bearer $${secretOf(operation)}"`);
  if (headers.includes("If-Match")) lines.push(`-H 'If-Match: "1"'`);
  if (headers.includes("Idempotency-Key")) lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
  if (body !== undefined) {
    const text = JSON.stringify(body, null, 2).replaceAll("'", String.raw`'\''`);
    lines.push("-H 'Content-Type: application/json'", `-d '${text}'`);
  }
  if (upload !== null) lines.push(`-H 'Content-Type: ${upload}'`, "--data-binary @FILE");
  if (isFile(operation)) lines.push("--output FILE");
  if (streams(operation)) lines.push("--no-buffer");
  return lines.join(" \\\n  ");
}

export function pythonOf(document: ApiDocument, operation: Operation, base: string): string {
  const { path, query, body, headers, upload } = partsOf(document, operation);
  const begin = [
    "import os",
    "from offhook_client import Client",
    "",
    `client = Client("${base}", os.environ["${secretOf(operation)}"])`,
  ];
  const short = JSON.stringify(path.replace("/api/v1", ""));
  const version = headers.includes("If-Match") ? ", version=1" : "";
  const sent = body === undefined ? "" : `, ${python(body)}`;
  const asked = query.map((name) => `, ${name}="${name.toUpperCase()}"`).join("");
  if (streams(operation)) {
    return [...begin, "for event in client.events():", "    print(event.type, event.data)"].join(
      "\n",
    );
  }
  if (operation.method === "GET" && lists(document, operation)) {
    return [...begin, `for item in client.pages(${short}${asked}):`, "    print(item)"].join("\n");
  }
  if (upload !== null) {
    const last = `print(client.upload(${short}, open("FILE", "rb").read(), "${upload}"${asked}))`;
    return [...begin, last].join("\n");
  }
  const verb = operation.method.toLowerCase();
  const call = `client.${verb}(${short}${sent}${version}${asked})`;
  const last = isFile(operation) ? `open("FILE", "wb").write(${call})` : `print(${call})`;
  return [...begin, last].join("\n");
}

const secretOf = (operation: Operation): string =>
  operation.security?.some((way) => "apiKey" in way) ? "OFFHOOK_KEY" : "OFFHOOK_TOKEN";

const streams = (operation: Operation): boolean =>
  operation.responses["200"]?.content?.["text/event-stream"] !== undefined;

/** CSV, a configuration, an archive: for a disk, not for a screen. */
function isFile(operation: Operation): boolean {
  const kinds = Object.values(operation.responses).flatMap(({ content }) =>
    Object.keys(content ?? {}),
  );
  return kinds.some((kind) => !/json|event-stream/.test(kind));
}

function lists(document: ApiDocument, operation: Operation): boolean {
  const reply = operation.responses["200"]?.content?.["application/json"]?.schema;
  const members = reply ? resolved(document, reply).schema.properties : undefined;
  return members?.["items"] !== undefined && members["next_cursor"] !== undefined;
}

/** The literal of Python that is this value. */
export function python(value: unknown, indent = 0): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = " ".repeat(indent + 4);
  const entries = Array.isArray(value)
    ? value.map((item) => python(item, indent + 4))
    : Object.entries(value).map(([name, item]) => {
        return `${JSON.stringify(name)}: ${python(item, indent + 4)}`;
      });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return open + close;
  if (entries.length === 1 && !entries[0]?.includes("\n")) return `${open}${entries[0]}${close}`;
  return `${open}\n${inner}${entries.join(`,\n${inner}`)},\n${" ".repeat(indent)}${close}`;
}
