import type { RoutingView } from "@offhook/sdk";
import { useId } from "react";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { AlternativeSettings } from "../alternative-number/AlternativeSettings.tsx";
import { useAlternative } from "../alternative-number/useAlternative.ts";
import { ForwardingSettings } from "../forwarding/ForwardingSettings.tsx";
import { HuntGroupSettings } from "../hunt-groups/HuntGroupSettings.tsx";
import { useOwnPresence } from "../presence/usePresence.ts";
import styles from "./RoutingSettings.module.css";
import { secondsOf, sentence } from "./sentence.ts";
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
  const { deviceId, me } = useCalls();
  const own = useOwnPresence();
  const setting = useSetting("routing", (signal) =>
    phone.rest.call("GET /routing", { signal }, phone.session),
  );
  const forwarding = useSetting("forwarding", (signal) =>
    phone.rest.call("GET /forwarding", { signal }, phone.session),
  );
  const alternative = useAlternative().setting.value;
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
      {!view && (
        <ListState
          status={setting.failed ? "error" : "loading"}
          empty=""
          onRetry={() => void setting.retry()}
        />
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
            {sentence(t, {
              hasLine: me?.line !== null,
              forwarding: forwarding.value,
              forwardingFailed: forwarding.failed,
              quiet: own?.do_not_disturb,
              routing: view.routing,
              alternative,
            })}
          </p>
          <Choices routing={view.routing} busy={setting.busy} here={deviceId} put={put} />
        </>
      )}
      <ForwardingSettings setting={forwarding} />
      <AlternativeSettings />
      <HuntGroupSettings />
    </section>
  );
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
    <fieldset className={styles.group} aria-busy={busy}>
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
