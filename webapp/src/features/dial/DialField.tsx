import { cleanNumber, dialText, looksLikeNumber } from "@offhook/sdk";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from "react";
import { useT } from "../../i18n/I18n.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { NARROW, useMedia } from "@offhook/ui/media.ts";
import { CallFromChoice } from "./CallFromChoice.tsx";
import styles from "./DialField.module.css";
import { DialPad } from "./DialPad.tsx";
import { HideNumber } from "./HideNumber.tsx";
import { useDialText } from "./DialText.tsx";
import { type Colleague, focusFirstRow, useDirectorySearch } from "./search.ts";
import { useDial } from "./useDial.ts";

/** One field for names and numbers: digits dial, letters search, Enter calls row one. */
export function DialField() {
  const t = useT();
  const { text, setText, field } = useDialText();
  const { dial, working } = useDial();
  const narrow = useMedia(NARROW);
  const [padOpen, setPadOpen] = useState(false);
  const { people, status } = useDirectorySearch(text);
  const first = firstRow(text, people);
  /** Enter was faster than the answer: what it was pressed for. */
  const hurried = useRef<string | null>(null);

  useEffect(() => {
    // On a phone the keyboard would cover the page; there the user taps the field.
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [field]);

  const call = () => {
    hurried.current = null;
    if (!first || working) {
      if (status === "loading") hurried.current = text;
      field.current?.focus();
      return;
    }
    dial(first.number, first.name, () => {
      setText("");
      setPadOpen(false);
      leaveForTheCall(field.current);
    });
  };

  const callNow = useEffectEvent(call);
  useEffect(() => {
    if (hurried.current !== text) hurried.current = null;
    else if (status !== "loading") callNow();
  }, [text, status]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") call();
    else if (event.key === "Escape" && text !== "") setText("");
    else if (event.key === "ArrowDown") focusFirstRow();
    else return;
    event.preventDefault();
  };

  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData.getData("text");
    const cleaned = looksLikeNumber(pasted) ? cleanNumber(pasted) : null;
    if (!cleaned || event.currentTarget.value !== "") return;
    event.preventDefault();
    setText(dialText(cleaned));
  };

  return (
    <div className={styles.area}>
      <div className={styles.field}>
        <Icon name="search" size={18} />
        <input
          ref={field}
          className={styles.input}
          type="text"
          name="dial"
          inputMode={padOpen ? "none" : "text"}
          enterKeyHint="go"
          autoComplete="off"
          spellCheck={false}
          maxLength={80}
          value={text}
          placeholder={t("dial.label")}
          aria-label={t("dial.label")}
          aria-keyshortcuts="/"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {text !== "" && (
          <IconButton
            icon="close"
            label={t("dial.clear")}
            onPress={() => {
              setText("");
              field.current?.focus();
            }}
          />
        )}
        {narrow && (
          <IconButton
            icon="keypad"
            label={t(padOpen ? "dial.pad.hide" : "dial.pad.show")}
            aria-expanded={padOpen}
            onPress={() => setPadOpen(!padOpen)}
          />
        )}
        <IconButton
          icon="phone"
          look="answer"
          label={t("dial.call")}
          onPress={call}
          isDisabled={working}
        />
      </div>
      <CallFromChoice />
      <HideNumber />
      {narrow && padOpen && <DialPad />}
    </div>
  );
}

/** The call's keys work at once after dialling; whoever typed on meanwhile is left alone. */
function leaveForTheCall(field: HTMLInputElement | null): void {
  if (document.activeElement !== field) return;
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>("[data-call-name]")?.focus({ preventScroll: true }),
  );
}

/** What Enter does: the number as typed, or the first person found. */
export function firstRow(
  text: string,
  people: readonly Colleague[],
): { number: string; name?: string } | null {
  if (looksLikeNumber(text)) {
    const cleaned = cleanNumber(text);
    return cleaned ? { number: dialText(cleaned) } : null;
  }
  const person = people[0];
  return person ? { number: person.number.canonical, name: person.name } : null;
}
