import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import en from "../../i18n/en.json";
import { type MessageId, type Translate, useT } from "../../i18n/I18n.tsx";
import settings from "../settings/Settings.module.css";
import styles from "./ContactSources.module.css";
import { cameBack } from "./cameBack.ts";
import { type Source, useSources } from "./sources.ts";

/** Directories of other systems, and whether one's own account there may be searched. */
export function ContactSources() {
  const t = useT();
  const words = useProblemWords();
  const phone = usePhone();
  const client = useQueryClient();
  const heading = useId();
  const { busy, problem, run } = useWork();
  const outcome = useObservable(cameBack);
  const sources = useSources(true).data?.items ?? [];
  if (sources.length === 0) return null;

  const connect = () =>
    void run(async () => {
      cameBack.set(null);
      const { url } = await phone.rest.call(
        "POST /me/contact-sources/microsoft/connect",
        { body: {} },
        phone.session,
      );
      window.location.assign(url);
    });
  const disconnect = () =>
    void run(async () => {
      cameBack.set(null);
      await phone.rest.call("DELETE /me/contact-sources/microsoft", {}, phone.session);
      await client.invalidateQueries({ queryKey: ["contact-sources"] });
    });

  return (
    <section className={settings.box} aria-labelledby={heading}>
      <h2 id={heading} className={settings.title}>
        {t("sources.title")}
      </h2>
      <p className={settings.hint}>{t("sources.what")}</p>
      {outcome === "connected" && <Note kind="ok">{t("sources.connected")}</Note>}
      {outcome !== null && outcome !== "connected" && (
        <Note kind="danger">{refusal(t, outcome)}</Note>
      )}
      {problem && <Note kind="danger">{words(problem)}</Note>}
      <ul className={styles.list}>
        {sources.map((one) => (
          <li key={one.source} className={styles.item}>
            <span className={styles.text}>
              <span className={styles.name}>{t(`sources.${one.source}`)}</span>
              <span className={styles.detail}>{stateWords(t, one)}</span>
            </span>
            {one.source === "microsoft" && (
              <span className={settings.buttons}>
                {(one.state === "not_connected" || one.state === "sign_in_again") && (
                  <Button isDisabled={busy} onPress={connect}>
                    {t(one.state === "not_connected" ? "sources.connect" : "sources.again")}
                  </Button>
                )}
                {one.state !== "not_connected" && (
                  <Button look="quiet" isDisabled={busy} onPress={disconnect}>
                    {t("sources.disconnect")}
                  </Button>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function stateWords(t: Translate, { state, account }: Source): string {
  const words = t(`sources.state.${state}`);
  return account === "" ? words : `${account} · ${words}`;
}

/** By the code that Microsoft's page came back with. It is from the address bar: no text of it. */
function refusal(t: Translate, code: string): string {
  const id = `sources.refused.${code}`;
  return t(id in en ? (id as MessageId) : "sources.refused.other");
}
