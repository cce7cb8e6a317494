/** The OpenAPI document as this page reads it: what the gateway writes, and no more of OpenAPI. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema: Schema;
  example?: unknown;
}

interface Media {
  schema?: Schema;
  example?: unknown;
}

export interface Answer {
  description: string;
  content?: Record<string, Media>;
  headers?: Record<string, { description?: string; $ref?: string }>;
}

interface RawOperation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, Answer>;
}

export interface ApiDocument {
  paths: Record<string, Record<string, RawOperation>>;
  /** What the gateway asks of others: by event, not by address. */
  webhooks?: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Operation extends RawOperation {
  method: string;
  path: string;
  /** It comes from the gateway. */
  sent: boolean;
}

export interface Group {
  tag: string;
  operations: Operation[];
}

/** In the document's order. */
export function groupsOf(document: ApiDocument): Group[] {
  const groups = new Map<string, Group>();
  const all = (paths: ApiDocument["paths"], sent: boolean) => {
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, raw] of Object.entries(methods)) {
        const tag = raw.tags[0] ?? "";
        const group = groups.get(tag) ?? { tag, operations: [] };
        groups.set(tag, group);
        group.operations.push({ ...raw, method: method.toUpperCase(), path, sent });
      }
    }
  };
  all(document.paths, false);
  all(document.webhooks ?? {}, true);
  return [...groups.values()];
}

/** Every word has to be somewhere: in the summary, the address or the id. */
export function matching(groups: readonly Group[], wish: string): Group[] {
  const words = wish.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map(({ tag, operations }) => ({
      tag,
      operations: operations.filter((one) => {
        const text = `${one.summary} ${one.method} ${one.path} ${one.operationId} ${tag}`;
        return words.every((word) => text.toLowerCase().includes(word));
      }),
    }))
    .filter(({ operations }) => operations.length > 0);
}

export function tagWords(tag: string): string {
  const words = tag.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const PREFIX = "#/components/schemas/";

/** The schema behind a reference, and its name. */
export function resolved(
  document: ApiDocument,
  schema: Schema,
): { schema: Schema; name: string | null } {
  if (!schema.$ref?.startsWith(PREFIX)) return { schema, name: null };
  const name = schema.$ref.slice(PREFIX.length);
  const found = { ...document.components.schemas[name] };
  if (schema.description !== undefined) found.description = schema.description;
  if (schema.default !== undefined) found.default = schema.default;
  return { schema: found, name };
}

/** What may stand there besides null; `nullable` if null may. */
export function choices(schema: Schema): { choices: Schema[]; nullable: boolean } {
  const all = schema.anyOf ?? schema.oneOf ?? [schema];
  const real = all.filter((one) => one.type !== "null");
  return { choices: real, nullable: real.length < all.length };
}

/** Of a body: its own, or that of the schema it names. */
export function exampleOf(document: ApiDocument, media: Media | undefined): unknown {
  if (media === undefined || media.example !== undefined) return media?.example;
  return media.schema && resolved(document, media.schema).schema.examples?.[0];
}

export function codesOf(answer: Answer): string[] {
  const said = /^code: (.+)$/.exec(answer.description)?.[1];
  return said === undefined ? [] : said.split(", ");
}
