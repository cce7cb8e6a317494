import { diagnosticBundle, type Recorder } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import { useEffect, useId, useState } from "react";
import { useCalls, useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Support.module.css";
import { recorderOf } from "./recorder.ts";
import { SendForm } from "./SendForm.tsx";

/** Whom to ask, and what to give them: seen by the user before it goes anywhere. */
export function SupportSection() {
  const t = useT();
  const heading = useId();
  const { me } = useCalls();
  const [open, setOpen] = useState(false);
  const address = me?.tenant.support_email ?? "";
  return (
    <section className={styles.box} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        {t("support.title")}
      </h2>
      {address !== "" && (
        <p>
          {t("support.address")} <a href={`mailto:${address}`}>{address}</a>
        </p>
      )}
      {open ? (
        <Bundle />
      ) : (
        <div className={styles.buttons}>
          <Button icon="info" onPress={() => setOpen(true)}>
            {t("support.show")}
          </Button>
        </div>
      )}
    </section>
  );
}

function Bundle() {
  const t = useT();
  const phone = usePhone();
  const recorder = useObservable(recorderOf);
  const [withNumbers, setWithNumbers] = useState(false);
  const [bundle, setBundle] = useState<Record<string, unknown> | null>(null);
  const text = bundle === null ? "" : JSON.stringify(bundle, null, 2);

  useEffect(() => {
    let current = true;
    if (recorder === null) return;
    void makeBundle(phone, recorder, withNumbers).then((made) => {
      if (current) setBundle(made);
    });
    return () => {
      current = false;
    };
  }, [phone, recorder, withNumbers]);

  const save = () => {
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = "offhook-diagnostics.json";
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <>
      <p className={styles.hint}>{t("support.what")}</p>
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={withNumbers}
          onChange={(event) => setWithNumbers(event.target.checked)}
        />
        {t("support.numbers")}
      </label>
      <pre className={styles.text} tabIndex={0} aria-label={t("support.content")}>
        {text}
      </pre>
      <div className={styles.buttons}>
        <Button isDisabled={bundle === null} onPress={save}>
          {t("support.save")}
        </Button>
      </div>
      {withNumbers ? (
        <p className={styles.hint}>{t("support.onlySaved")}</p>
      ) : (
        bundle !== null && <SendForm bundle={bundle} />
      )}
    </>
  );
}

async function makeBundle(
  phone: ReturnType<typeof usePhone>,
  recorder: Recorder,
  withNumbers: boolean,
): Promise<Record<string, unknown>> {
  const page = {
    agent: navigator.userAgent,
    languages: navigator.languages,
    language: document.documentElement.lang,
    online: navigator.onLine,
    protocol: location.protocol,
    visible: document.visibilityState,
    view: document.documentElement.dataset["view"] ?? "",
    window: [innerWidth, innerHeight, devicePixelRatio],
    // The name of the script says which build this is.
    build: new URL(import.meta.url).pathname,
  };
  return await diagnosticBundle(phone, recorder, { withNumbers, page });
}
