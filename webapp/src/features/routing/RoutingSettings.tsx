import type { Forwarding, RoutingView } from "@offhook/sdk";
import { useId } from "react";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { type Translate, useT } from "../../i18n/I18n.tsx";
import { Button } from "../../ui/Button.tsx";
import { Note } from "../../ui/Note.tsx";
import { ForwardingSettings } from "../forwarding/ForwardingSettings.tsx";
import { targetWords } from "../forwarding/targetWords.ts";
import styles from "./RoutingSettings.module.css";
import { useSetting } from "./useSetting.ts";

type Routing = RoutingView["routing"];

const APPS = ["now", "later", "never"] as const;
const DELAYS = [5, 10, 15, 20, 30];
const AUTO_ANSWER_MS = 3000;

/** What happens on the next call, in one sentence, and the choices that make it. */
export default function RoutingSettings() {
  const t = useT();
  const phone = usePhone();
  const words = useProblemWords();
  const heading = useId();
  const { deviceId } = useCalls();
  const setting = useSetting("routing", (signal) =>
    phone.rest.call("GET /routing", { signal }, phone.session),
  );
  const forwarding = useSetting("forwarding", (signal) =>
    phone.rest.call("GET /forwarding", { signal }, phone.session),
  );
  const view = setting.value;
  const put = (change: Partial<Routing>) => {
    if (!view) return;
    const body = { ...view.routing, ...change };
    void setting.change(() =>
      phone.rest.call("PUT /routing", { body, ifMatch: view.version }, phone.session),
    );
  };
  return (
    <section className={styles.box} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        {t("routing.title")}
      </h2>
      {setting.failed && !view && (
        <Note
          kind="danger"
          action={<Button onPress={() => void setting.retry()}>{t("list.retry")}</Button>}
        >
          {t("list.error")}
        </Note>
      )}
      {setting.problem && (
        <Note kind="danger">
          {setting.problem.code === "changed_meanwhile"
            ? t("routing.changed")
            : words(setting.problem)}
        </Note>
      )}
      {view && (
        <>
          <p className={styles.say} role="status">
            {sentence(t, view.routing, forwarding.value)}
          </p>
          <Choices routing={view.routing} busy={setting.busy} here={deviceId} put={put} />
        </>
      )}
      <ForwardingSettings setting={forwarding} />
    </section>
  );
}

/** Of what the phone system reports and what the gateway does, in this order. */
export function sentence(t: Translate, routing: Routing, forwarding: Forwarding | undefined) {
  const all = forwarding?.entries.find((entry) => entry.kind === "immediate" && entry.active);
  if (all) return t("routing.say.forwarded", { to: targetWords(t, all) });
  return t(`routing.say.${routing.apps ?? "now"}`, { n: secondsOf(routing) });
}

function secondsOf(routing: Routing): number {
  return Math.round((routing.delay_ms ?? 0) / 1000);
}

interface ChoicesProps {
  routing: Routing;
  busy: boolean;
  here: string | null;
  put: (change: Partial<Routing>) => void;
}

function Choices({ routing, busy, here, put }: ChoicesProps) {
  const t = useT();
  const name = useId();
  const seconds = secondsOf(routing);
  const delays = DELAYS.includes(seconds) ? DELAYS : [...DELAYS, seconds].sort((a, b) => a - b);
  return (
    <fieldset className={styles.group} disabled={busy}>
      <legend className="visually-hidden">{t("routing.title")}</legend>
      {APPS.map((apps) => (
        <label key={apps} className={styles.choice}>
          <input
            type="radio"
            name={name}
            checked={routing.apps === apps}
            onChange={() => put({ apps })}
          />
          {t(`routing.${apps}`)}
        </label>
      ))}
      {routing.apps === "later" && (
        <label className={styles.field}>
          <span>{t("routing.delay")}</span>
          <select
            className={styles.select}
            value={seconds}
            onChange={(event) => put({ delay_ms: Number(event.target.value) * 1000 })}
          >
            {delays.map((n) => (
              <option key={n} value={n}>
                {t("routing.seconds", { n })}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={routing.when_busy === "busy"}
          onChange={(event) => put({ when_busy: event.target.checked ? "busy" : "second_call" })}
        />
        {t("routing.busy")}
      </label>
      {here !== null && <AutoAnswer routing={routing} here={here} put={put} />}
    </fieldset>
  );
}

function AutoAnswer({
  routing,
  here,
  put,
}: Omit<ChoicesProps, "busy" | "here"> & { here: string }) {
  const t = useT();
  const chosen = routing.auto_answer ?? null;
  const mine = chosen?.device_id === here;
  const after = (mine ? chosen.after_ms : undefined) ?? AUTO_ANSWER_MS;
  return (
    <>
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={mine}
          onChange={(event) =>
            put({
              auto_answer: event.target.checked ? { device_id: here, after_ms: after } : null,
            })
          }
        />
        {t("routing.auto", { n: Math.round(after / 1000) })}
      </label>
      {chosen !== null && !mine && <p className={styles.hint}>{t("routing.auto.other")}</p>}
    </>
  );
}
