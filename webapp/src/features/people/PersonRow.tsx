import type { PersonPresence } from "@offhook/sdk";
import type { Colleague } from "../dial/search.ts";
import { useDial } from "../dial/useDial.ts";
import { PickUpButton } from "../pickup/PickUpButton.tsx";
import { PersonDetail } from "../presence/PersonDetail.tsx";
import { Row, type RowPlace } from "../../ui/Row.tsx";

interface Props {
  person: Colleague;
  seen: PersonPresence | undefined;
  place?: RowPlace;
  /** On the phone's own page, which shows what rings by itself. */
  short?: boolean;
}

/** Pressing calls. The line for the presence is always there: nothing moves when it changes. */
export function PersonRow({ person, seen, place, short = false }: Props) {
  const { dial } = useDial();
  return (
    <Row
      avatar={person.name}
      title={person.name}
      detail={<PersonDetail number={person.number.display} seen={seen} />}
      place={place}
      actions={short ? undefined : <PickUpButton number={person.number.canonical} />}
      onPress={() => dial(person.number.canonical, person.name)}
    />
  );
}
