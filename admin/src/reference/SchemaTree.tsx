import { useState } from "react";
import { type ApiDocument, choices, resolved, type Schema } from "./document.ts";
import styles from "./Page.module.css";
import { Text } from "./Text.tsx";
import { type Say, useSay } from "./words.ts";

interface Props {
  document: ApiDocument;
  schema: Schema;
  /** Shown from the start; what is inside of members opens on demand. */
  open?: boolean;
}

/** The members of an object, each with what is inside of it; made when opened: some are endless. */
export function SchemaTree({ document, schema, open = false }: Props) {
  const say = useSay();
  const [shown, setShown] = useState(open);
  const inner = inside(document, schema);
  if (inner.length === 0) {
    return <p className={styles.media}>{typeOf(document, schema, say)}</p>;
  }
  return (
    <details
      className={styles.tree}
      open={shown}
      onToggle={(event) => setShown(event.currentTarget.open)}
    >
      <summary>{say("members", { type: typeOf(document, schema, say) })}</summary>
      {shown && inner.map((one, index) => <Members key={index} document={document} schema={one} />)}
    </details>
  );
}

function Members({ document, schema }: { document: ApiDocument; schema: Schema }) {
  const say = useSay();
  const required = new Set(schema.required);
  return (
    <dl className={styles.members}>
      {Object.entries(schema.properties ?? {}).map(([name, member]) => (
        <div key={name}>
          <dt>
            <code translate="no">{name}</code>
            <span>{typeOf(document, member, say)}</span>
            {required.has(name) && <strong>{say("required")}</strong>}
          </dt>
          <dd>
            <Text text={member.description} />
            <Text text={limitsOf(member, say)} own />
            {inside(document, member).length > 0 && (
              <SchemaTree document={document} schema={member} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The objects that a value can be or hold. */
function inside(document: ApiDocument, from: Schema): Schema[] {
  return choices(resolved(document, from).schema).choices.flatMap((choice) => {
    const { schema } = resolved(document, choice);
    if (schema.properties !== undefined) return [schema];
    if (schema.items) return inside(document, schema.items);
    const { additionalProperties: values } = schema;
    return typeof values === "object" ? inside(document, values) : [];
  });
}

export function typeOf(document: ApiDocument, from: Schema, say: Say): string {
  const { schema, name } = resolved(document, from);
  const { choices: all, nullable } = choices(schema);
  if (all.length > 1 || all[0] !== schema) {
    const types = all.map((one) => typeOf(document, one, say));
    return [...new Set(types), ...(nullable ? ["null"] : [])].join(" | ");
  }
  if (schema.items) return say("listOf", { type: typeOf(document, schema.items, say) });
  if (name !== null && schema.properties !== undefined) return name;
  if (typeof schema.additionalProperties === "object") {
    return say("mapOf", { type: typeOf(document, schema.additionalProperties, say) });
  }
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "JSON");
  return schema.format ? `${type} (${schema.format})` : type;
}

export function limitsOf(from: Schema, say: Say): string {
  const real = choices(from).choices;
  const schema = real.length === 1 && real[0] ? { ...real[0], default: from.default } : from;
  const found: string[] = [];
  if (schema.enum) found.push(say("allowed", { values: schema.enum.map(String).join(", ") }));
  if (schema.const !== undefined)
    found.push(say("allowed", { values: JSON.stringify(schema.const) }));
  if (schema.default !== undefined && schema.default !== null && schema.default !== "") {
    found.push(say("default", { value: JSON.stringify(schema.default) }));
  }
  const least = schema.minLength ?? schema.minimum ?? schema.minItems;
  const most = schema.maxLength ?? schema.maximum ?? schema.maxItems;
  if (least !== undefined) found.push(`≥ ${least}`);
  if (most !== undefined) found.push(`≤ ${most}`);
  if (schema.pattern !== undefined) found.push(schema.pattern);
  return found.join(" · ");
}
