import type { AlternativeNumber } from "@offhook/sdk";
import { useId, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { numberOf, useProblemWords } from "../../app/words.ts";
import { type Translate, useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import styles from "../routing/RoutingSettings.module.css";
import { useAlternative } from "./useAlternative.ts";

/** A phone of the user's outside: work calls can go there, and begin there. */
export function AlternativeSettings() {
  const t = useT();
  const { offered, setting } = useAlternative();
  if (!offered) return null;
  const view = setting.value;
  return (
    <>
      <h3 className={styles.title}>{t("alternative.title")}</h3>
      {!view && setting.failed && (
        <Note
          kind="danger"
          action={<Button onPress={() => void setting.retry()}>{t("list.retry")}</Button>}
        >
          {t("alternative.error")}
        </Note>
      )}
      {view && (
        // Only another number or another choice is a reason to throw away what was typed.
        <Form key={JSON.stringify([view.number, view.receive])} view={view} setting={setting} />
      )}
    </>
  );
}

interface FormProps {
  view: AlternativeNumber;
  setting: ReturnType<typeof useAlternative>["setting"];
}

function Form({ view, setting }: FormProps) {
  const t = useT();
  const phone = usePhone();
  const words = useProblemWords();
  const name = useId();
  const [number, setNumber] = useState(view.number ? numberOf({ number: view.number }) : "");
  const [receive, setReceive] = useState(view.receive);
  const { busy, problem, change } = setting;
  const none = number.trim() === "";
  const put = (body: { number: string | null; receive: AlternativeNumber["receive"] }) =>
    void change(() => phone.rest.call("PUT /alternative-number", { body }, phone.session));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        put(none ? { number: null, receive: "never" } : { number: number.trim(), receive });
      }}
    >
      <fieldset className={styles.group} aria-busy={busy}>
        <legend className="visually-hidden">{t("alternative.title")}</legend>
        <p role="status">{alternativeSentence(t, view)}</p>
        {problem && <Note kind="danger">{words(problem)}</Note>}
        <label className={styles.field}>
          <span>{t("alternative.number")}</span>
          <input
            className={styles.select}
            type="tel"
            value={number}
            maxLength={100}
            onChange={(event) => setNumber(event.target.value)}
          />
        </label>
        {view.modes.map((mode) => (
          <label key={mode} className={styles.choice}>
            <input
              type="radio"
              name={name}
              checked={receive === mode}
              disabled={none && mode !== "never"}
              onChange={() => setReceive(mode)}
            />
            {t(`alternative.${mode}`)}
          </label>
        ))}
        <div className={styles.row}>
          <Button type="submit">{t("alternative.save")}</Button>
          {view.number && (
            <Button look="quiet" onPress={() => put({ number: null, receive: "never" })}>
              {t("alternative.remove")}
            </Button>
          )}
        </div>
      </fieldset>
    </form>
  );
}

/** What the next call does there, as the phone system confirmed it. */
function alternativeSentence(t: Translate, view: AlternativeNumber): string {
  if (!view.available) {
    return t(view.why_not === "pbx_unreachable" ? "alternative.away" : "alternative.no");
  }
  if (!view.number) return t("alternative.say.none");
  return t(`alternative.say.${view.receive}`, { number: numberOf({ number: view.number }) });
}
