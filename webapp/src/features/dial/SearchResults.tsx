import { cleanNumber, dialText, groupNumber, looksLikeNumber } from "@offhook/sdk";
import { useCalls } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Row } from "../../ui/Row.tsx";
import { SilentSources } from "../contact-sources/SilentSources.tsx";
import { ContactRows } from "../contacts/ContactRows.tsx";
import { useContactSearch } from "../contacts/useContactSearch.ts";
import { PickUpButton } from "../pickup/PickUpButton.tsx";
import { PersonDetail } from "../presence/PersonDetail.tsx";
import { usePresence } from "../presence/usePresence.ts";
import { useDialText } from "./DialText.tsx";
import { useDirectorySearch } from "./search.ts";
import { useDial } from "./useDial.ts";

/** The first row is always what Enter does, in words. */
export function SearchResults() {
  const t = useT();
  const { text, setText } = useDialText();
  const { offers } = useCalls();
  const { dial, place } = useDial();
  const { people, status, retry } = useDirectorySearch(text);
  const contacts = useContactSearch(text);
  const presence = usePresence(people.map((person) => person.user_id));
  const cleaned = looksLikeNumber(text) ? cleanNumber(text) : null;

  const call = (number: string, name?: string) => {
    dial(number, name, () => setText(""));
  };

  return (
    <div>
      <p className="visually-hidden" role="status">
        {status === "done" && t("dial.results.count", { count: people.length + contacts.length })}
      </p>
      <ul aria-label={t("dial.results")}>
        {cleaned && (
          <Row
            title={t("dial.number", { number: groupNumber(cleaned.number) })}
            detail={
              cleaned.postDial === "" ? undefined : t("dial.then", { digits: cleaned.postDial })
            }
            icon="phone"
            calls={false}
            onPress={() => call(dialText(cleaned))}
            first
          />
        )}
        {cleaned && offers.includes("pickup") && cleaned.postDial === "" && (
          <Row
            title={t("pickup.at", { number: groupNumber(cleaned.number) })}
            icon="bell"
            calls={false}
            onPress={() =>
              place({
                number: cleaned.number,
                name: null,
                fetch: { verb: "pickup", number: cleaned.number },
                onPlaced: () => setText(""),
              })
            }
          />
        )}
        {people.map((person, i) => (
          <Row
            key={person.number.canonical}
            avatar={person.name}
            title={i === 0 ? t("dial.person", { name: person.name }) : person.name}
            calls={i > 0}
            detail={<PersonDetail number={person.number.display} seen={presence(person.user_id)} />}
            actions={<PickUpButton number={person.number.canonical} />}
            onPress={() => call(person.number.canonical, person.name)}
            first={i === 0}
          />
        ))}
        <ContactRows contacts={contacts} onCall={call} />
      </ul>
      {!cleaned && <SilentSources text={text} />}
      {!cleaned && people.length === 0 && contacts.length === 0 && (
        <ListState
          status={status === "idle" ? "done" : status}
          empty={t("dial.none", { text: text.trim() })}
          hint={t("dial.none.hint")}
          onRetry={retry}
        />
      )}
    </div>
  );
}
