import { type MicrophoneState, type Problem } from "@offhook/sdk";
import { useEffect, useRef } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { dialRequest, type DialWhat } from "../dial/dialRequest.ts";
import { useDial } from "../dial/useDial.ts";
import { microphoneTrouble } from "./microphoneTrouble.ts";
import styles from "./MicrophonePanel.module.css";

const BLOCKED: readonly MicrophoneState[] = ["denied", "missing", "busy", "unsupported"];

/** Says why before the browser asks, and what to do when the answer was no. */
export function MicrophonePanel() {
  const request = useObservable(dialRequest);
  const trouble = useObservable(microphoneTrouble);
  const state = useObservable(usePhone().microphone.state);

  useEffect(() => {
    if (state === "granted") microphoneTrouble.set(null);
  }, [state]);

  if (request.kind === "asking") return <Ask what={request.what} state={state} />;
  if (request.kind === "failed") {
    return (
      <Failure
        problem={request.problem}
        again={request.what}
        onClose={() => dialRequest.set({ kind: "idle" })}
      />
    );
  }
  if (trouble) return <Failure problem={trouble} onClose={() => microphoneTrouble.set(null)} />;
  return null;
}

function Ask({ what, state }: { what: DialWhat; state: MicrophoneState }) {
  const t = useT();
  const { place } = useDial("browser");
  const panel = useRef<HTMLElement>(null);
  const blocked = BLOCKED.includes(state);
  const kind = blocked ? (state as "denied" | "missing" | "busy" | "unsupported") : null;

  useEffect(() => {
    panel.current?.querySelector("button")?.focus();
  }, []);

  return (
    <section ref={panel} className={styles.panel} aria-labelledby="mic-title">
      <span className={styles.sign}>
        <Icon name={blocked ? "micOff" : "mic"} size={26} />
      </span>
      <div className={styles.text}>
        <h2 id="mic-title">{t(kind === null ? "mic.title" : `mic.${kind}.title`)}</h2>
        <p>{t(kind === null ? "mic.why" : `mic.${kind}.how`)}</p>
        <div className={styles.buttons}>
          <Button look="primary" wide onPress={() => place(what)}>
            {t(blocked ? "mic.retry" : "mic.allow")}
          </Button>
          <Button wide onPress={() => dialRequest.set({ kind: "idle" })}>
            {t("mic.notNow")}
          </Button>
        </div>
      </div>
    </section>
  );
}

interface FailureProps {
  problem: Problem;
  again?: DialWhat;
  onClose: () => void;
}

function Failure({ problem, again, onClose }: FailureProps) {
  const t = useT();
  const words = useProblemWords();
  const { place } = useDial();
  return (
    <Note
      kind="danger"
      icon={problem.code.startsWith("microphone") ? "micOff" : "alert"}
      action={
        <>
          {again !== undefined && (
            <Button
              onPress={() => {
                dialRequest.set({ kind: "idle" });
                place(again);
              }}
            >
              {t("mic.retry")}
            </Button>
          )}
          <Button look="quiet" onPress={onClose}>
            {t("ended.close")}
          </Button>
        </>
      }
    >
      {words(problem)}
    </Note>
  );
}
