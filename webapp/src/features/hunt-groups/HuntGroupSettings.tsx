import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import styles from "../routing/RoutingSettings.module.css";
import { useSetting } from "../routing/useSetting.ts";

/** The groups whose calls this user can take: in or out, as the phone system says. */
export function HuntGroupSettings() {
  const t = useT();
  const phone = usePhone();
  const words = useProblemWords();
  const offered = useCalls().offers.includes("hunt_groups");
  const { busy, change, failed, problem, retry, value } = useSetting(
    "hunt-groups",
    (signal) => phone.rest.call("GET /hunt-groups", { signal }, phone.session),
    offered,
  );
  if (!offered || (!value && !failed) || value?.groups.length === 0) return null;
  const put = (number: string, logged_in: boolean) =>
    void change(() =>
      phone.rest.call(
        "PUT /hunt-groups/{number}",
        { path: { number }, body: { logged_in } },
        phone.session,
      ),
    );
  return (
    <>
      <h3 className={styles.title}>{t("hunt.title")}</h3>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {!value && (
        <Note
          kind="danger"
          action={<Button onPress={() => void retry()}>{t("list.retry")}</Button>}
        >
          {t("hunt.error")}
        </Note>
      )}
      {value && (
        <fieldset className={styles.group} aria-busy={busy}>
          <legend className="visually-hidden">{t("hunt.title")}</legend>
          {!value.available && <p className={styles.hint}>{t("hunt.away")}</p>}
          {value.groups.map(({ number, name, logged_in }) => (
            <label key={number} className={styles.choice}>
              <input
                type="checkbox"
                role="switch"
                checked={logged_in}
                disabled={!value.available}
                onChange={(event) => put(number, event.target.checked)}
              />
              {name === null ? t("hunt.number", { number }) : t("hunt.group", { name, number })}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
