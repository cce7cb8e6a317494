import type { Forwarding, ForwardingEntry, Problem } from "@offhook/sdk";
import { useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { type MessageId, type Translate, useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import styles from "../routing/RoutingSettings.module.css";
import { targetWords } from "./targetWords.ts";

interface Setting {
  value: Forwarding | undefined;
  failed: boolean;
  retry: () => unknown;
  change: (ask: () => Promise<Forwarding>) => Promise<boolean>;
  busy: boolean;
  problem: Problem | null;
}

/** What the phone system reports; it alone forwards. */
export function ForwardingSettings({ setting }: { setting: Setting }) {
  const t = useT();
  const words = useProblemWords();
  const { value, failed, retry, problem } = setting;
  if (!value && !failed) return null;
  return (
    <>
      <h3 className={styles.title}>{t("forwarding.title")}</h3>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {!value && (
        <Note
          kind="danger"
          action={<Button onPress={() => void retry()}>{t("list.retry")}</Button>}
        >
          {t("forwarding.error")}
        </Note>
      )}
      {value && !value.available && <p className={styles.hint}>{t(whyNot(value))}</p>}
      {value?.kinds.map((kind) => (
        <Kind key={kind} kind={kind} setting={setting} view={value} />
      ))}
    </>
  );
}

function whyNot(view: Forwarding): MessageId {
  if (view.why_not === "no_line") return "problem.no_line";
  return view.why_not === "pbx_unreachable" ? "forwarding.away" : "forwarding.no";
}

interface KindProps {
  kind: ForwardingEntry["kind"];
  setting: Setting;
  view: Forwarding;
}

function Kind({ kind, setting, view }: KindProps) {
  const t = useT();
  const phone = usePhone();
  const [number, setNumber] = useState("");
  const { busy } = setting;
  const entry = view.entries.find((one) => one.kind === kind);
  const put = (body: { active: boolean; to?: string; voicemail?: boolean }) =>
    void setting
      .change(() =>
        phone.rest.call("PUT /forwarding/{kind}", { path: { kind }, body }, phone.session),
      )
      .then((done) => {
        if (done) setNumber("");
      });
  return (
    <fieldset className={styles.group} aria-busy={busy}>
      <legend>{t(`forwarding.${kind}`)}</legend>
      <p role="status">{stateWords(t, entry)}</p>
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          put({ active: true, to: number });
        }}
      >
        <label className={styles.field}>
          <span>{t("forwarding.number")}</span>
          <input
            className={styles.select}
            type="tel"
            value={number}
            maxLength={100}
            onChange={(event) => setNumber(event.target.value)}
          />
        </label>
        <Button type="submit" isDisabled={busy || number.trim() === ""}>
          {t("forwarding.set")}
        </Button>
        {view.mailbox && (
          <Button isDisabled={busy} onPress={() => put({ active: true, voicemail: true })}>
            {t("forwarding.toMailbox")}
          </Button>
        )}
        {entry?.active && (
          <Button isDisabled={busy} onPress={() => put({ active: false })}>
            {t("forwarding.switchOff")}
          </Button>
        )}
      </form>
    </fieldset>
  );
}

function stateWords(t: Translate, entry: ForwardingEntry | undefined): string {
  return entry?.active ? t("forwarding.on", { to: targetWords(t, entry) }) : t("forwarding.off");
}
