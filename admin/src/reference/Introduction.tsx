import { CodeBlock } from "./CodeBlock.tsx";
import styles from "./Page.module.css";
import { useSay } from "./words.ts";

const GUIDE = "docs/guides/developer.md";

/** What holds for every operation. */
export function Introduction({ address }: { address: string }) {
  const say = useSay();
  const first = `curl '${location.origin}/api/v1/users/anna@example.com/calls' \\
  -H "Authorization: Bearer $OFFHOOK_KEY"`;
  const refusal = `{
  "type": "urn:offhook:problem:person_unknown",
  "title": "There is no such person",
  "status": 404,
  "code": "person_unknown"
}`;
  return (
    <article className={styles.article}>
      <h1>{say("title")}</h1>
      <p>{say("lead")}</p>
      <p>
        <a href={address}>{say("document")}</a>
      </p>
      <p>
        {say("guide")} <code translate="no">{GUIDE}</code>
      </p>
      <h2>{say("sign.title")}</h2>
      <p>{say("sign.text")}</p>
      <CodeBlock label="curl" text={first} />
      <h2>{say("problems.title")}</h2>
      <p>{say("problems.text")}</p>
      <CodeBlock label="application/problem+json" text={refusal} />
      <h2>{say("lists.title")}</h2>
      <p>{say("lists.text")}</p>
      <h2>{say("safety.title")}</h2>
      <p>{say("safety.text")}</p>
      <h2>{say("limits.title")}</h2>
      <p>{say("limits.text")}</p>
      <h2>{say("events.title")}</h2>
      <p>
        {say("events.text")} <a href="#/eventstream_read">{"GET /api/v1/events"}</a>
      </p>
    </article>
  );
}
