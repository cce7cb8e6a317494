import { Button } from "@offhook/ui/Button.tsx";
import { I18nContext } from "@offhook/ui/i18n/language.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { TermsText } from "@offhook/ui/TermsText.tsx";
import { useQuery } from "@tanstack/react-query";
import { use, useId } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./SignIn.module.css";

interface Props {
  url: string;
  agreed: boolean;
  onChange: (agreed: boolean) => void;
  /** It was tried to go on without. */
  missing: boolean;
}

/** The text here, or a link where the operator has terms of its own. */
export function Terms({ url, agreed, onChange, missing }: Props) {
  const t = useT();
  const phone = usePhone();
  const error = useId();
  const { language } = use(I18nContext);
  const terms = useQuery({
    queryKey: ["terms", language],
    queryFn: ({ signal }) => phone.rest.call("GET /terms", { query: { language }, signal }),
  });
  const text = terms.data?.text ?? "";
  return (
    <div className={styles.form}>
      {text !== "" && (
        <section className={styles.terms} aria-label={t("terms.title")} tabIndex={0}>
          <TermsText text={text} />
        </section>
      )}
      {terms.isError && url === "" && (
        <Note
          kind="danger"
          action={<Button onPress={() => void terms.refetch()}>{t("list.retry")}</Button>}
        >
          {t("terms.failed")}
        </Note>
      )}
      {text === "" && url !== "" && (
        <a href={url} target="_blank" rel="noreferrer">
          {t("terms.read")}
        </a>
      )}
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={agreed}
          aria-invalid={missing && !agreed}
          aria-describedby={missing && !agreed ? error : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        {t("terms.agree")}
      </label>
      {missing && !agreed && (
        <p id={error} className={styles.error} role="alert">
          {t("problem.terms_required")}
        </p>
      )}
    </div>
  );
}
