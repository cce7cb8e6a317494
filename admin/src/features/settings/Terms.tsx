import { Button } from "@offhook/ui/Button.tsx";
import { I18nContext } from "@offhook/ui/i18n/language.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { TermsText } from "@offhook/ui/TermsText.tsx";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, use, useState } from "react";
import { useApi, useMay } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useT } from "../../i18n/I18n.tsx";
import { CheckField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { useWork } from "../../ui/useWork.ts";
import styles from "./Terms.module.css";

function useTerms() {
  const api = useApi();
  const { language } = use(I18nContext);
  return useQuery({
    queryKey: ["terms", language],
    queryFn: () => api.call("GET /terms", { query: { language } }),
  });
}

/**
 * The operator has newer terms than the company accepted (null: that is known already). Nothing
 * stops meanwhile.
 */
export function NewTerms({ accepted }: { accepted: string | null }) {
  const t = useT();
  const may = useMay();
  const terms = useTerms();
  const [open, setOpen] = useState(false);
  if (!terms.data || terms.data.version === accepted || !may("tenant.write")) return null;
  return (
    <>
      <Note
        kind="warn"
        live={false}
        action={<Button onPress={() => setOpen(true)}>{t("terms.read")}</Button>}
      >
        {t("terms.new", { version: terms.data.version })}
      </Note>
      {open && <TermsSheet onClose={() => setOpen(false)} />}
    </>
  );
}

function TermsSheet({ onClose }: { onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const queries = useQueryClient();
  const terms = useTerms();
  const { busy, problem, run } = useWork();
  const [agreed, setAgreed] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { data } = terms;
    if (!data || !agreed) return;
    await run(async () => {
      try {
        await api.call("POST /admin/tenant/terms", { body: { version: data.version } });
      } catch (error) {
        // Newer ones still: they are shown, and asked about anew.
        setAgreed(false);
        await terms.refetch();
        throw error;
      }
      tell(t("terms.accepted"));
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["tenant"] }),
        queries.invalidateQueries({ queryKey: ["overview"] }),
      ]);
      onClose();
    });
  };

  return (
    <Sheet title={t("settings.terms")} asks={false} onClose={onClose}>
      <Loaded query={terms}>
        {({ text, url }) => (
          <form onSubmit={(event) => void submit(event)} noValidate>
            {text !== "" ? (
              <section className={styles.text} aria-label={t("settings.terms")} tabIndex={0}>
                <TermsText text={text} />
              </section>
            ) : (
              <a href={url} target="_blank" rel="noreferrer">
                {t("terms.read")}
              </a>
            )}
            {problem !== null && <Note kind="danger">{problem}</Note>}
            <CheckField checked={agreed} onChange={setAgreed}>
              {t("terms.agree")}
            </CheckField>
            <FormActions>
              <Button onPress={onClose}>{t("terms.later")}</Button>
              <Button look="primary" type="submit" isPending={busy} isDisabled={!agreed}>
                {t("terms.accept")}
              </Button>
            </FormActions>
          </form>
        )}
      </Loaded>
    </Sheet>
  );
}
