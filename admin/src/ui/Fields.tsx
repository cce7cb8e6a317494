import { type ReactNode, useId } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import styles from "./Fields.module.css";

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  /** What to write there, in a sentence. */
  hint?: string | undefined;
  /** What is wrong with it. */
  error?: string | undefined;
  type?: "text" | "email" | "password" | "search" | "date" | "datetime-local" | "number";
  autoComplete?: string;
  inputMode?: "numeric" | "tel" | "email";
  lines?: number;
  autoFocus?: boolean;
  required?: boolean;
  disabled?: boolean;
  maxLength?: number;
}

export function TextField(props: TextProps) {
  const { label, value, onChange, hint, error, lines, autoComplete = "off" } = props;
  return (
    <AriaTextField
      className={styles.field ?? ""}
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      type={props.type ?? "text"}
      autoComplete={autoComplete}
      {...(props.onBlur ? { onBlur: props.onBlur } : {})}
      {...(props.inputMode ? { inputMode: props.inputMode } : {})}
      {...(props.maxLength === undefined ? {} : { maxLength: props.maxLength })}
      autoFocus={props.autoFocus ?? false}
      isRequired={props.required ?? false}
      isDisabled={props.disabled ?? false}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      {lines === undefined ? (
        <Input className={styles.input ?? ""} />
      ) : (
        <TextArea className={styles.input ?? ""} rows={lines} />
      )}
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </AriaTextField>
  );
}

interface Option {
  value: string;
  label: string;
  lang?: string;
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
  hint?: string;
  disabled?: boolean;
  /** The label is said, but not shown. */
  quiet?: boolean;
}

/** The system's own list: it fits every screen and every way to use one. */
export function SelectField(props: SelectProps) {
  const hintId = useId();
  return (
    <label className={styles.field}>
      <span className={props.quiet ? "visually-hidden" : undefined}>{props.label}</span>
      <select
        className={styles.input}
        value={props.value}
        disabled={props.disabled}
        aria-describedby={props.hint === undefined ? undefined : hintId}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.options.map(({ value, label, lang }) => (
          <option key={value} value={value} lang={lang}>
            {label}
          </option>
        ))}
      </select>
      {props.hint !== undefined && (
        <span id={hintId} className={styles.hint}>
          {props.hint}
        </span>
      )}
    </label>
  );
}

interface CheckProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  children: ReactNode;
}

export function CheckField({ checked, onChange, disabled, children }: CheckProps) {
  return (
    <label className={styles.check}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly { value: string; label: string; note?: string }[];
  onChange: (value: string) => void;
}

/** One of a few whole sentences. */
export function ChoiceField({ label, value, options, onChange }: ChoiceProps) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.check}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.note !== undefined && <span className={styles.note}>{option.note}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
