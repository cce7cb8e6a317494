import { useT } from "../../i18n/I18n.tsx";
import { Row } from "../../ui/Row.tsx";
import type { ContactNumber } from "./useContactSearch.ts";

interface Props {
  contacts: readonly ContactNumber[];
  onCall: (number: string, name: string) => void;
}

/** Below the colleagues: whoever has several numbers has as many rows. */
export function ContactRows({ contacts, onCall }: Props) {
  const t = useT();
  return contacts.map((one) => (
    <Row
      key={one.key}
      avatar={one.name}
      title={one.company === "" ? one.name : `${one.name} · ${one.company}`}
      detail={[
        `${t(`contacts.kind.${one.kind}`)} ${one.shown}`,
        ...(one.source === null ? [] : [t(`sources.${one.source}`)]),
      ].join(" · ")}
      onPress={() => onCall(one.number, one.name)}
    />
  ));
}
