import { useEffect, useState } from "react";
import { useCalls, useLink, useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { type MessageId, useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Icon, type IconName } from "@offhook/ui/Icon.tsx";
import { hrefOf } from "../../app/route.ts";
import { echoOf } from "../demo/echo.ts";
import { useDial } from "../dial/useDial.ts";
import { askNotifications, useNotificationPermission } from "./notifications.ts";
import styles from "./ReadyStrip.module.css";

/** Four ticks: what must be right so that a call rings and is heard; each mended by its button. */
export function ReadyStrip() {
  const t = useT();
  const { me } = useCalls();
  const { dial } = useDial("browser");
  const hidden = useWellForADay(useAllReady());
  if (hidden) return null;
  const echo = echoOf(me);
  return (
    <section className={styles.strip} aria-labelledby="ready-title">
      <div className={styles.head}>
        <h2 id="ready-title" className={styles.title}>
          {t("ready.title")}
        </h2>
        <a href={hrefOf("settings")}>{t("ready.test")}</a>
        {echo && (
          <Button look="quiet" icon="sound" onPress={() => dial(echo.number, echo.name)}>
            {t("ready.echo")}
          </Button>
        )}
      </div>
      <ul className={styles.ticks}>
        <MicrophoneTick />
        <SoundTick />
        <NotificationTick />
        <LineTick />
      </ul>
    </section>
  );
}

const WELL_SINCE = "offhook.ready.since";
const A_DAY_MS = 86_400_000;

/** Nobody needs to see four ticks every day; they are back at once when one of them breaks. */
function useWellForADay(ready: boolean): boolean {
  const [wasWell] = useState(() => {
    const since = Number(localStorage.getItem(WELL_SINCE) ?? Number.NaN);
    return Date.now() - since > A_DAY_MS;
  });
  useEffect(() => {
    if (!ready) localStorage.removeItem(WELL_SINCE);
    else if (localStorage.getItem(WELL_SINCE) === null) {
      localStorage.setItem(WELL_SINCE, String(Date.now()));
    }
  }, [ready]);
  return ready && wasWell;
}

function useAllReady(): boolean {
  const phone = usePhone();
  const microphone = useObservable(phone.microphone.state);
  const sound = useObservable(phone.ringer.sound);
  const permission = useNotificationPermission();
  const line = useLineUp();
  const notices = permission === "granted" || permission === "unsupported";
  return microphone === "granted" && sound === "armed" && notices && line;
}

function useLineUp(): boolean {
  const link = useLink();
  const { me, connector } = useCalls();
  const up = connector?.state === "working" || connector?.state === "weak";
  return link === "online" && up && me?.line != null;
}

interface TickProps {
  icon: IconName;
  name: string;
  ok: boolean;
  words: string;
  action?: { words: string; run: () => void } | undefined;
}

function Tick({ icon, name, ok, words, action }: TickProps) {
  return (
    <li className={styles.tick} data-ok={ok}>
      <span className={styles.sign}>
        <Icon name={ok ? "check" : icon} size={18} />
      </span>
      <span className={styles.text}>
        <span className={styles.name}>{name}</span>
        <span className={styles.words}>{words}</span>
      </span>
      {action && <Button onPress={action.run}>{action.words}</Button>}
    </li>
  );
}

function MicrophoneTick() {
  const t = useT();
  const phone = usePhone();
  const state = useObservable(phone.microphone.state);
  const ok = state === "granted";
  const broken = state === "denied" || state === "missing" || state === "busy";
  const words: MessageId = ok
    ? "ready.microphone.ok"
    : broken || state === "unsupported"
      ? `mic.${state}.title`
      : "ready.microphone.why";
  return (
    <Tick
      icon={broken ? "micOff" : "mic"}
      name={t("ready.microphone")}
      ok={ok}
      words={t(words)}
      action={
        ok || state === "unsupported"
          ? undefined
          : {
              words: t(broken ? "mic.retry" : "ready.microphone.ask"),
              run: () => void phone.microphone.ask().catch(() => undefined),
            }
      }
    />
  );
}

function SoundTick() {
  const t = useT();
  const phone = usePhone();
  const state = useObservable(phone.ringer.sound);
  const ok = state === "armed";
  return (
    <Tick
      icon="sound"
      name={t("ready.sound")}
      ok={ok}
      words={t(ok ? "ready.sound.ok" : "ready.sound.why")}
      action={
        state === "unsupported"
          ? undefined
          : {
              words: t(ok ? "ready.sound.test" : "ready.sound.ask"),
              run: () => void phone.ringer.test(),
            }
      }
    />
  );
}

function NotificationTick() {
  const t = useT();
  const permission = useNotificationPermission();
  const [asking, setAsking] = useState(false);
  const words: Record<typeof permission, MessageId> = {
    granted: "ready.notifications.ok",
    denied: "ready.notifications.denied",
    default: "ready.notifications.why",
    unsupported: "ready.notifications.unsupported",
  };
  return (
    <Tick
      icon="bell"
      name={t("ready.notifications")}
      ok={permission === "granted"}
      words={t(words[permission])}
      action={
        permission === "default" && !asking
          ? {
              words: t("ready.notifications.ask"),
              run: () => {
                setAsking(true);
                void askNotifications().finally(() => setAsking(false));
              },
            }
          : undefined
      }
    />
  );
}

function LineTick() {
  const t = useT();
  const link = useLink();
  const { me, connector, known } = useCalls();
  const number = me?.line?.number;
  const ok = useLineUp();
  let words = t("ready.line.connecting");
  if (known && number === undefined && me) words = t("ready.line.none");
  else if (ok && number !== undefined) words = t("ready.line.ok", { number });
  else if (link === "online" && connector && connector.state !== "connecting") {
    words = t("ready.line.down");
  }
  return <Tick icon="line" name={t("ready.line")} ok={ok} words={words} />;
}
