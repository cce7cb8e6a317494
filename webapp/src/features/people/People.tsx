import { lazy, Suspense } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import type { Colleague } from "../dial/search.ts";
import { usePresence } from "../presence/usePresence.ts";
import { ListTools } from "../../ui/ListTools.tsx";
import { useEveryone } from "./everyone.ts";
import { PeopleOrContacts } from "./PeopleOrContacts.tsx";
import { PersonRow } from "./PersonRow.tsx";

const ManyRows = lazy(() => import("./ManyRows.tsx"));

const SHORT = 4;
/** So many rows are drawn as they are; more, only those on the screen. */
const PLAIN_MOST = 60;

/** Colleagues of the tenant, and how they are seen now. */
export function People({ short = false }: { short?: boolean }) {
  const t = useT();
  const { people, status, more, retry } = useEveryone();
  if (short && people.length === 0 && status !== "loading") return null;
  return (
    <section aria-labelledby="people-title">
      <ListTitle id="people-title" level={short ? 2 : 1}>
        {t(short ? "people.short" : "people.title")}
      </ListTitle>
      {!short && (
        <ListTools>
          <PeopleOrContacts />
        </ListTools>
      )}
      {!short && people.length > PLAIN_MOST ? (
        <Suspense fallback={<ListState status="loading" empty="" onRetry={retry} />}>
          <ManyRows people={people} more={more} />
        </Suspense>
      ) : (
        <FewRows people={short ? people.slice(0, SHORT) : people} short={short} />
      )}
      {people.length === 0 && (
        <ListState
          status={status}
          icon="people"
          empty={t("people.empty")}
          hint={t("people.empty.hint")}
          onRetry={retry}
        />
      )}
    </section>
  );
}

function FewRows({ people, short }: { people: readonly Colleague[]; short: boolean }) {
  const presence = usePresence(people.map((person) => person.user_id));
  return (
    <ul>
      {people.map((person) => (
        <PersonRow
          key={person.user_id}
          person={person}
          seen={presence(person.user_id)}
          short={short}
        />
      ))}
    </ul>
  );
}
