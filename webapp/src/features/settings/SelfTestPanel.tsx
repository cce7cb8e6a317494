import { type Problem, toProblem } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useEffect, useId, useState } from "react";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { show } from "../../app/route.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { echoOf } from "../demo/echo.ts";
import { useDial } from "../dial/useDial.ts";
import { LevelMeter } from "./LevelMeter.tsx";
import styles from "./Settings.module.css";

type Step = "idle" | "speaking" | "playing" | "played";

/** Before the first call: is the microphone heard, is the loudspeaker, does it ring? */
export function SelfTestPanel() {
  const t = useT();
  const words = useProblemWords();
  const heading = useId();
  const { selfTest, ringer } = usePhone();
  const [step, setStep] = useState<Step>("idle");
  const [heard, setHeard] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const busy = useCalls().calls.length > 0;

  // A call needs the microphone more than a test does; leaving the page ends it, too.
  useEffect(() => {
    if (!busy) return () => selfTest.stop();
    selfTest.stop();
    return undefined;
  }, [busy, selfTest]);
  const now = busy ? "idle" : step;

  const listen = () => {
    setStep("playing");
    selfTest
      .playBack()
      .then(() => setStep("played"))
      .catch((error: unknown) => {
        setProblem(toProblem(error));
        setStep("idle");
      });
  };
  const start = () => {
    setProblem(null);
    setHeard(false);
    setStep("speaking");
    selfTest.start(listen).catch((error: unknown) => {
      setProblem(toProblem(error));
      setStep("idle");
    });
  };

  return (
    <section className={styles.box} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        {t("selftest.title")}
      </h2>
      <p className={styles.hint}>{t(busy ? "selftest.busy" : "selftest.how")}</p>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {now === "speaking" && (
        <>
          <p role="status">{t(heard ? "selftest.heard" : "selftest.speak")}</p>
          <LevelMeter level={() => selfTest.level()} onHeard={() => setHeard(true)} />
        </>
      )}
      {now === "playing" && <p role="status">{t("selftest.playing")}</p>}
      {now === "played" && (
        <Note kind={heard ? "ok" : "warn"}>{t(heard ? "selftest.ok" : "selftest.silent")}</Note>
      )}
      <div className={styles.buttons}>
        {now === "speaking" ? (
          <Button look="primary" icon="play" onPress={listen}>
            {t("selftest.listen")}
          </Button>
        ) : (
          <Button look="primary" icon="mic" isDisabled={busy || now === "playing"} onPress={start}>
            {t(now === "played" ? "selftest.again" : "selftest.start")}
          </Button>
        )}
        <Button icon="sound" onPress={() => void ringer.test()}>
          {t("ready.sound.test")}
        </Button>
        <EchoButton isDisabled={busy} />
      </div>
    </section>
  );
}

/** Where there is a number that answers with one's own voice: the whole way, there and back. */
function EchoButton({ isDisabled }: { isDisabled: boolean }) {
  const t = useT();
  const { me } = useCalls();
  const { dial } = useDial("browser");
  const echo = echoOf(me);
  if (!echo) return null;
  return (
    <Button
      icon="phone"
      isDisabled={isDisabled}
      onPress={() => {
        show("phone");
        dial(echo.number, echo.name);
      }}
    >
      {t("ready.echo")}
    </Button>
  );
}
