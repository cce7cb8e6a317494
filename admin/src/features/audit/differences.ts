type Values = Readonly<Record<string, unknown>> | null;

export interface Difference {
  name: string;
  before: string;
  after: string;
}

/** What changed, one line each, as text. */
export function differences(before: Values, after: Values): Difference[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .map((name) => ({ name, before: text(before?.[name]), after: text(after?.[name]) }))
    .filter((one) => one.before !== one.after)
    .map((one) => ({ ...one, after: one.after === "" ? "–" : one.after }));
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(text).join(", ");
  const json = JSON.stringify(value);
  return json === "{}" ? "" : json;
}
