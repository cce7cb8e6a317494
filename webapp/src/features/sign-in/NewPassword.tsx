import { useState } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { PasswordField, textOf } from "./Field.tsx";

/** What the server would refuse anyway is said before it is asked. */
export function useNewPassword(minLength: number | null) {
  const t = useT();
  const [error, setError] = useState<string | undefined>();
  const field = (
    <PasswordField
      name="new_password"
      autoComplete="new-password"
      label={t("password.new")}
      hint={minLength === null ? t("password.hint") : t("password.hint.length", { n: minLength })}
      error={error}
    />
  );
  const read = (form: HTMLFormElement): string | null => {
    const password = textOf(form, "new_password");
    const short = password.length < (minLength ?? 1);
    setError(short ? t("problem.password_too_short") : undefined);
    return short ? null : password;
  };
  return { field, read };
}
