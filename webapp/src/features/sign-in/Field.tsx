import { Button } from "@offhook/ui/Button.tsx";
import { useState } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextField, type TextFieldProps } from "react-aria-components/TextField";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./SignIn.module.css";

interface Props extends Omit<TextFieldProps, "children" | "className" | "style"> {
  label: string;
  /** Said while the field is missing something. */
  error?: string | undefined;
  hint?: string | undefined;
}

export function Field({ label, error, hint, ...rest }: Props) {
  return (
    <TextField {...rest} className={styles.field ?? ""} isInvalid={error !== undefined}>
      <Label>{label}</Label>
      <Input className={styles.input ?? ""} />
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </TextField>
  );
}

/** With a button to see what was typed: long passwords are better than hidden ones. */
export function PasswordField(props: Omit<Props, "type">) {
  const t = useT();
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.password}>
      <Field {...props} type={shown ? "text" : "password"} />
      <Button look="quiet" onPress={() => setShown(!shown)}>
        {t(shown ? "signin.hide" : "signin.show")}
      </Button>
    </div>
  );
}

/** Six digits of an app or a letter; phones offer them by themselves. */
export function CodeField(props: Omit<Props, "autoComplete" | "inputMode">) {
  return <Field {...props} autoComplete="one-time-code" inputMode="numeric" />;
}

export function textOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value : "";
}
