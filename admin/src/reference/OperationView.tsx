import { CodeBlock } from "./CodeBlock.tsx";
import {
  type Answer,
  type ApiDocument,
  codesOf,
  exampleOf,
  type Operation,
  type Parameter,
  tagWords,
} from "./document.ts";
import styles from "./Page.module.css";
import { curlOf, pythonOf } from "./sample.ts";
import { limitsOf, SchemaTree, typeOf } from "./SchemaTree.tsx";
import { Text } from "./Text.tsx";
import { type Say, useSay } from "./words.ts";

interface Props {
  document: ApiDocument;
  operation: Operation;
}

export function OperationView({ document, operation }: Props) {
  const say = useSay();
  const body = operation.requestBody;
  const [bodyType, media] = Object.entries(body?.content ?? {})[0] ?? [];
  return (
    <article className={styles.article}>
      <p className={styles.tag} lang="en">
        {tagWords(operation.tags[0] ?? "")}
      </p>
      <h1 lang="en">{operation.summary}</h1>
      <p className={styles.address} translate="no">
        <span className={styles.method} data-method={operation.method}>
          {operation.method}
        </span>
        <code>{operation.path}</code>
      </p>
      <Who operation={operation} />
      <Parameters document={document} parameters={operation.parameters ?? []} />
      {media && (
        <section>
          <h2>{say("body")}</h2>
          <p className={styles.media}>
            <code>{bodyType}</code>
            {body?.required && <span>{say("required")}</span>}
          </p>
          {media.schema && <SchemaTree document={document} schema={media.schema} open />}
          <Example value={exampleOf(document, media)} />
        </section>
      )}
      {!operation.sent && (
        <section>
          <h2>{say("samples")}</h2>
          <CodeBlock label="curl" text={curlOf(document, operation, location.origin)} />
          <CodeBlock label="Python" text={pythonOf(document, operation, location.origin)} />
        </section>
      )}
      <section>
        <h2>{say("answers")}</h2>
        {Object.entries(operation.responses).map(([status, answer]) => (
          <AnswerView key={status} document={document} status={status} answer={answer} />
        ))}
      </section>
    </article>
  );
}

/** Which roles and keys hold a permission says the document, in English. */
function Who({ operation }: { operation: Operation }) {
  const say = useSay();
  const { description, security } = operation;
  const byPermission = security?.some((way) => Object.values(way).some((all) => all.length > 0));
  if (byPermission && description !== undefined) {
    return <p lang="en">{description.replaceAll("`", "")}</p>;
  }
  return <p>{who(operation, say)}</p>;
}

function Example({ value }: { value: unknown }) {
  const say = useSay();
  if (value === undefined) return null;
  return (
    <details className={styles.example}>
      <summary>{say("example")}</summary>
      <CodeBlock label="JSON" text={JSON.stringify(value, null, 2)} />
    </details>
  );
}

function who(operation: Operation, say: Say): string {
  if (operation.sent) return say("who.sent");
  if (!operation.security) return say("who.public");
  return say(operation.security.some((way) => "apiKey" in way) ? "who.connector" : "who.user");
}

function Parameters({
  document,
  parameters,
}: {
  document: ApiDocument;
  parameters: readonly Parameter[];
}) {
  const say = useSay();
  if (parameters.length === 0) return null;
  return (
    <section>
      <h2>{say("parameters")}</h2>
      <dl className={styles.members}>
        {parameters.map((one) => (
          <div key={`${one.in} ${one.name}`}>
            <dt>
              <code translate="no">{one.name}</code>
              <span>{say(`in.${one.in}`)}</span>
              <span>{typeOf(document, one.schema, say)}</span>
              {one.required && <strong>{say("required")}</strong>}
            </dt>
            <dd>
              <Text text={one.description ?? one.schema.description} />
              <Text text={limitsOf(one.schema, say)} own />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function AnswerView({
  document,
  status,
  answer,
}: {
  document: ApiDocument;
  status: string;
  answer: Answer;
}) {
  const say = useSay();
  const codes = codesOf(answer);
  const [type, media] = Object.entries(answer.content ?? {})[0] ?? [];
  const headers = Object.keys(answer.headers ?? {});
  const json = type === "application/json" ? media?.schema : undefined;
  return (
    <section className={styles.answer} data-good={status.startsWith("2")}>
      <h3>{status}</h3>
      {codes.length > 0 ? (
        <ul className={styles.codes} aria-label={say("codes")}>
          {codes.map((code) => (
            <li key={code}>
              <code translate="no">{code}</code>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.media}>{type ? <code>{type}</code> : <span>{say("empty")}</span>}</p>
      )}
      {json && (
        <>
          <SchemaTree document={document} schema={json} />
          <Example value={exampleOf(document, media)} />
        </>
      )}
      {headers.length > 0 && (
        <p className={styles.headers}>
          {say("headers")} <code translate="no">{headers.join(", ")}</code>
        </p>
      )}
    </section>
  );
}
