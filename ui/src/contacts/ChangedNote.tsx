import { useIntl } from "react-intl";
import { Button } from "../Button.tsx";
import { Note } from "../Note.tsx";

interface Props {
  onMine: () => void;
  onTheirs: () => void;
}

/** Two wrote the same contact: what was typed stays until its writer has chosen. */
export function ChangedNote({ onMine, onTheirs }: Props) {
  const intl = useIntl();
  return (
    <Note
      kind="warn"
      action={
        <>
          <Button onPress={onMine}>{intl.formatMessage({ id: "contacts.form.mine" })}</Button>
          <Button onPress={onTheirs}>{intl.formatMessage({ id: "contacts.form.theirs" })}</Button>
        </>
      }
    >
      {intl.formatMessage({ id: "contacts.form.changed" })}
    </Note>
  );
}
