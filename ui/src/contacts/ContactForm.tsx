import {
  type ContactDraft,
  type DraftNumber,
  MOST_NUMBERS,
  newNumber,
  NUMBER_KINDS,
} from "@offhook/sdk/contacts";
import { type HTMLInputTypeAttribute, type ReactNode, type SubmitEvent, useRef } from "react";
import { useIntl } from "react-intl";
import { Button, IconButton } from "../Button.tsx";
import styles from "./Contacts.module.css";

interface Props {
  draft: ContactDraft;
  onChange: (draft: ContactDraft) => void;
  onSave: () => void;
  onCancel: () => void;
  busy: boolean;
  /** What went wrong, above the fields. */
  children?: ReactNode;
}

/** Everything of one contact. Whoever shows it keeps the draft: nothing typed is lost by leaving. */
export function ContactForm({ draft, onChange, onSave, onCancel, busy, children }: Props) {
  const intl = useIntl();
  const t = (id: string) => intl.formatMessage({ id: `contacts.form.${id}` });
  const change = (part: Partial<ContactDraft>) => onChange({ ...draft, ...part });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (draft.name.trim() !== "") onSave();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {children}
      <Line
        label={t("name")}
        value={draft.name}
        most={200}
        required
        autoFocus={draft.name === ""}
        set={(name) => change({ name })}
      />
      <Line
        label={t("company")}
        value={draft.company}
        most={200}
        set={(company) => change({ company })}
      />
      <Numbers numbers={draft.numbers} set={(numbers) => change({ numbers })} />
      <Line
        label={t("email")}
        type="email"
        value={draft.email}
        most={254}
        set={(email) => change({ email })}
      />
      <label className={styles.field}>
        <span>{t("note")}</span>
        <textarea
          className={styles.input}
          rows={3}
          maxLength={500}
          value={draft.note}
          onChange={(event) => change({ note: event.target.value })}
        />
      </label>
      <div className={styles.actions}>
        <Button onPress={onCancel}>{t("cancel")}</Button>
        <Button look="primary" type="submit" isPending={busy} isDisabled={draft.name.trim() === ""}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}

interface LineProps {
  label: string;
  value: string;
  set: (value: string) => void;
  most: number;
  type?: HTMLInputTypeAttribute;
  required?: boolean;
  autoFocus?: boolean;
}

function Line({ label, value, set, most, type = "text", required, autoFocus }: LineProps) {
  return (
    <label className={styles.field}>
      <span>{label}</span>
      <input
        className={styles.input}
        type={type}
        autoComplete="off"
        maxLength={most}
        value={value}
        required={required}
        autoFocus={autoFocus}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
}

interface NumbersProps {
  numbers: readonly DraftNumber[];
  set: (numbers: readonly DraftNumber[]) => void;
}

function Numbers({ numbers, set }: NumbersProps) {
  const intl = useIntl();
  const box = useRef<HTMLFieldSetElement>(null);
  const t = (id: string, n = 0) => intl.formatMessage({ id: `contacts.form.${id}` }, { n });
  const change = (key: number, part: Partial<DraftNumber>) =>
    set(numbers.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const remove = (key: number) => {
    set(numbers.filter((one) => one.key !== key));
    // The button with the focus is gone.
    box.current?.querySelector<HTMLElement>("[data-add] button")?.focus();
  };
  return (
    <fieldset ref={box} className={styles.numbers}>
      <legend>{t("numbers")}</legend>
      {numbers.map(({ key, kind, text }, i) => (
        <div key={key} className={styles.number}>
          <select
            className={styles.input}
            aria-label={t("kind", i + 1)}
            value={kind}
            onChange={(event) =>
              change(key, {
                kind: NUMBER_KINDS.find((one) => one === event.target.value) ?? "other",
              })
            }
          >
            {NUMBER_KINDS.map((one) => (
              <option key={one} value={one}>
                {intl.formatMessage({ id: `contacts.kind.${one}` })}
              </option>
            ))}
          </select>
          <input
            className={styles.input}
            type="tel"
            autoComplete="off"
            maxLength={100}
            aria-label={t("number", i + 1)}
            value={text}
            onChange={(event) => change(key, { text: event.target.value })}
          />
          <IconButton icon="close" label={t("removeNumber", i + 1)} onPress={() => remove(key)} />
        </div>
      ))}
      {numbers.length < MOST_NUMBERS && (
        <span data-add="">
          <Button look="quiet" icon="add" onPress={() => set([...numbers, newNumber()])}>
            {t("addNumber")}
          </Button>
        </span>
      )}
    </fieldset>
  );
}
