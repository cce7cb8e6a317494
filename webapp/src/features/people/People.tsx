import { useT } from "../../i18n/I18n.tsx";
import { useCalls } from "../../app/PhoneContext.tsx";
import { ListState } from "../../ui/ListState.tsx";
import { ListTitle } from "../../ui/ListTitle.tsx";
import { Row } from "../../ui/Row.tsx";
import { EVERYONE, reachable, useDirectory } from "../dial/search.ts";
import { useDial } from "../dial/useDial.ts";

const SHORT = 4;

/** Colleagues of the tenant. The user's own entry is not among them. */
export function People({ short = false }: { short?: boolean }) {
  const t = useT();
  const { dial } = useDial();
  const { me } = useCalls();
  const result = useDirectory(EVERYONE);
  const everyone = reachable(result.data?.items).filter((p) => p.user_id !== me?.user.id);
  const people = short ? everyone.slice(0, SHORT) : everyone;
  const status = result.isPending ? "loading" : result.isError ? "error" : "done";
  if (short && people.length === 0 && status !== "loading") return null;
  return (
    <section aria-labelledby="people-title">
      <ListTitle id="people-title" level={short ? 2 : 1}>
        {t(short ? "people.short" : "people.title")}
      </ListTitle>
      <ul>
        {people.map((person) => (
          <Row
            key={person.number.canonical}
            avatar={person.name}
            title={person.name}
            detail={person.number.display}
            onPress={() => dial(person.number.canonical, person.name)}
          />
        ))}
      </ul>
      {people.length === 0 && (
        <ListState
          status={status}
          icon="people"
          empty={t("people.empty")}
          hint={t("people.empty.hint")}
          onRetry={() => void result.refetch()}
        />
      )}
    </section>
  );
}
