import { Button } from "@offhook/ui/Button.tsx";
import { ContactFile } from "@offhook/ui/contacts/ContactFile.tsx";
import { ImportResult } from "@offhook/ui/contacts/ImportResult.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useRef } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Contacts.module.css";
import { useReadContacts } from "./contactsList.ts";
import { type Import, panel, takeIn } from "./panel.ts";
import { useLostFocus } from "./useLostFocus.ts";

/** An address book of another program. */
export function ImportContacts({ state }: { state: Import }) {
  const t = useT();
  const phone = usePhone();
  const words = useProblemWords();
  const readAgain = useReadContacts();
  const problem = state.step === "choose" ? state.problem : null;
  const box = useRef<HTMLElement>(null);
  useLostFocus(box);
  return (
    <section ref={box} tabIndex={-1} aria-labelledby="import-title">
      <ListTitle id="import-title" level={1}>
        {t("contacts.import.title")}
      </ListTitle>
      <div className={styles.body}>
        {state.step === "done" ? (
          <ImportResult result={state.result} />
        ) : (
          <>
            <p>{t("contacts.import.text")}</p>
            {problem && <Note kind="danger">{words(problem)}</Note>}
            <ContactFile
              sending={state.step === "send" ? state.file : null}
              onFile={(file) => void takeIn(phone, file, () => void readAgain())}
            />
          </>
        )}
        <div className={styles.buttons}>
          {state.step === "done" && (
            <Button
              onPress={() =>
                panel.set({ kind: "import", import: { step: "choose", problem: null } })
              }
            >
              {t("contacts.import.again")}
            </Button>
          )}
          {state.step !== "send" && (
            <Button
              look={state.step === "done" ? "primary" : "plain"}
              autoFocus={state.step === "done"}
              onPress={() => panel.set({ kind: "list" })}
            >
              {t(state.step === "done" ? "contacts.import.done" : "contacts.form.cancel")}
            </Button>
          )}
        </div>
      </div>
    </section>
  );
}
