import {
  type ApiDocument,
  exampleOf,
  type Operation,
  type Parameter,
  resolved,
} from "./document.ts";

interface Parts {
  path: string;
  query: readonly (readonly [string, string])[];
  headers: string[];
  body: unknown;
  upload: string | null;
}

/** What a request of this operation is made of, by the examples of the document. */
function partsOf(document: ApiDocument, operation: Operation): Parts {
  const parameters = operation.parameters ?? [];
  const path = parameters
    .filter((one) => one.in === "path")
    .reduce((whole, one) => whole.replace(`{${one.name}}`, valueOf(one)), operation.path);
  const query = parameters
    .filter((one) => one.in === "query" && one.required)
    .map((one) => [one.name, valueOf(one)] as const);
  const headers = parameters.filter((one) => one.in === "header").map((one) => one.name);
  const content = operation.requestBody?.content ?? {};
  const json = content["application/json"];
  const body = exampleOf(document, json);
  const upload = json ? null : (Object.keys(content)[0] ?? null);
  return { path, query, headers, body, upload };
}

const valueOf = ({ example, name }: Parameter): string =>
  typeof example === "string" ? example : name.toUpperCase();

export function curlOf(document: ApiDocument, operation: Operation, base: string): string {
  const { path, query, headers, body, upload } = partsOf(document, operation);
  const asked = new URLSearchParams(query.map(([name, value]) => [name, value])).toString();
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
  const once = headers.includes("Idempotency-Key") ? ", once=True" : "";
  const sent = body === undefined ? "" : `, ${python(body)}`;
  const asked = query.map(([name, value]) => `, ${name}=${JSON.stringify(value)}`).join("");
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
  const call = `client.${verb}(${short}${sent}${version}${once}${asked})`;
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
