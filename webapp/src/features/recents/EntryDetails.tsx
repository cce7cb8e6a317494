import type { JournalEntry } from "@offhook/sdk";
import { newDraft } from "@offhook/sdk/contacts";
import { Button } from "@offhook/ui/Button.tsx";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useIntl } from "react-intl";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { numberOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { edit } from "../contacts/panel.ts";
import styles from "./EntryDetails.module.css";
import { durationWords } from "./entryWords.ts";
import { trailWords } from "./trailWords.ts";

/** The story of one call: when, how long, for whom, and why each device rang or did not. */
export default function EntryDetails({ entry }: { entry: JournalEntry }) {
  const t = useT();
  const intl = useIntl();
  const heading = useId();
  const phone = usePhone();
  const { deviceId } = useCalls();
  const query = useQuery({
    queryKey: ["journal", "entry", entry.id],
    queryFn: ({ signal }) =>
      phone.rest.call("GET /journal/{id}", { path: { id: entry.id }, signal }, phone.session),
  });
  const time = (at: string) =>
    intl.formatTime(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const facts: [string, string | null][] = [
    [t("details.number"), numberOf(entry)],
    [
      t("details.when"),
      intl.formatDate(entry.started_at, { dateStyle: "full", timeStyle: "short" }),
    ],
    [t("details.duration"), durationWords(t, entry.duration_ms)],
    [t("details.meantFor"), entry.original_called],
    [t("details.forwardedBy"), entry.diverted_by],
  ];

  return (
    <div className={styles.details}>
      <dl className={styles.facts}>
        {facts.map(
          ([name, value]) =>
            value !== null &&
            value !== "" && (
              <div key={name} className={styles.fact}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {worthKeeping(entry) && (
        <p>
          <Button icon="add" onPress={() => edit(newDraft(entry.name ?? "", numberOf(entry)))}>
            {t("contacts.add")}
          </Button>
        </p>
      )}
      {query.data && query.data.trail.length > 0 && (
        <>
          <h3 id={heading} className={styles.title}>
            {t("details.trail")}
          </h3>
          <ol className={styles.trail} aria-labelledby={heading}>
            {query.data.trail.map((step, i) => (
              <li key={i}>
                <time dateTime={step.at}>{time(step.at)}</time>
                <span>{trailWords(t, step, deviceId)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {!query.data && (
        <ListState
          status={query.isError ? "error" : "loading"}
          empty=""
          onRetry={() => void query.refetch()}
        />
      )}
    </div>
  );
}

/** Colleagues have names and extensions; whoever calls from outside may be noted. */
function worthKeeping({ name, number }: JournalEntry): boolean {
  const shown = number.canonical || number.dialled;
  return shown.startsWith("+") || (shown !== "" && (name === null || name === ""));
}
