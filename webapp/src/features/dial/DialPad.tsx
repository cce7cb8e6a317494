import { useT } from "../../i18n/I18n.tsx";
import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { KeyGrid } from "../../ui/KeyGrid.tsx";
import { usePhone } from "../../app/PhoneContext.tsx";
import styles from "./DialPad.module.css";
import { useDialText } from "./DialText.tsx";
import { firstRow } from "./DialField.tsx";
import { useDirectorySearch } from "./search.ts";
import { useDial } from "./useDial.ts";

/** Keys for finger and mouse. They write into the same field that the keyboard writes into. */
export function DialPad() {
  const t = useT();
  const phone = usePhone();
  const { text, setText, field } = useDialText();
  const { people } = useDirectorySearch(text);
  const { dial, working } = useDial();
  const first = firstRow(text, people);

  return (
    <section className={styles.pad} aria-label={t("dial.pad")}>
      <KeyGrid
        label={t("dial.pad")}
        onKey={(key) => {
          phone.ringer.key(key);
          setText(text + key);
        }}
        onPlus={() => setText(`${text.replace(/0$/, "")}+`)}
      />
      <div className={styles.foot}>
        <Button
          look="answer"
          icon="phone"
          wide
          isDisabled={working}
          onPress={() => {
            if (!first) field.current?.focus();
            else dial(first.number, first.name, () => setText(""));
          }}
          aria-label={t("dial.pad.call")}
        >
          {t("dial.call")}
        </Button>
        <IconButton
          icon="backspace"
          label={t("dial.backspace")}
          isDisabled={text === ""}
          onPress={() => setText(text.slice(0, -1))}
        />
      </div>
    </section>
  );
}
