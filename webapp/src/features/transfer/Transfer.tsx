import { type Call, isHeldHere } from "@offhook/sdk";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useAsk } from "../calls/callTrouble.ts";
import { allowed, shortName } from "../calls/callWords.ts";
import { ParkInstead } from "../parking/ParkInstead.tsx";
import { usePresence } from "../presence/usePresence.ts";
import { rememberTarget, type Target } from "./lastTargets.ts";
import styles from "./Transfer.module.css";
import { TransferRow } from "./TransferRow.tsx";
import { useTargets } from "./useTargets.ts";

interface Props {
  call: Call;
  onClose: () => void;
}

/**
 * To whom this call goes. Nothing happens to it before one of the buttons is pressed: who waits
 * goes on hearing the user.
 */
export default function Transfer({ call, onClose }: Props) {
  const t = useT();
  const phone = usePhone();
  const { me } = useCalls();
  const ask = useAsk(call.id);
  const heading = useId();
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLElement>(null);
  const [text, setText] = useState("");
  const { targets, status, retry } = useTargets(text, call.remote.number.canonical);
  const presence = usePresence(targets.flatMap((target) => target.userId ?? []));
  const who = whoOf(t, call.remote);

  useEffect(() => {
    field.current?.focus();
  }, []);

  const askFirst = allowed(call, "consult")
    ? (target: Target) => {
        rememberTarget(me, target);
        ask(phone.consult(call.id, target.number).then(onClose));
      }
    : undefined;
  const sendNow = allowed(call, "transfer")
    ? (target: Target) => {
        rememberTarget(me, target);
        ask(phone.control.transferTo(call.id, target.number).then(onClose));
      }
    : undefined;

  const onKeyDown = (event: KeyboardEvent) => {
    const [first] = targets;
    if (event.key === "Enter") {
      const chosen = event.ctrlKey || event.metaKey ? sendNow : (askFirst ?? sendNow);
      if (first && text.trim() !== "") chosen?.(first);
    } else if (event.key === "ArrowDown") {
      box.current?.querySelector<HTMLElement>("li button")?.focus();
    } else return;
    event.preventDefault();
  };

  return (
    <section
      ref={box}
      className={styles.transfer}
      aria-labelledby={heading}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div className={styles.head}>
        <div className={styles.titles}>
          <h2 id={heading} className={styles.title}>
            {t("transfer.title", { who })}
          </h2>
          <p className={styles.hint}>
            {t(isHeldHere(call) ? "transfer.waits" : "transfer.hears", { who: shortName(who) })}
          </p>
        </div>
        <IconButton icon="close" label={t("transfer.close")} onPress={onClose} />
      </div>
      <div className={styles.field}>
        <Icon name="search" size={18} />
        <input
          ref={field}
          className={styles.input}
          type="text"
          autoComplete="off"
          spellCheck={false}
          maxLength={80}
          value={text}
          placeholder={t("dial.label")}
          aria-label={t("transfer.field")}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul className={styles.rows} aria-label={t("dial.results")}>
        {targets.map((target) => (
          <TransferRow
            key={target.number}
            target={target}
            seen={target.userId === undefined ? undefined : presence(target.userId)}
            askFirst={askFirst}
            sendNow={sendNow}
          />
        ))}
      </ul>
      {targets.length === 0 && (
        <ListState
          status={status === "idle" ? "done" : status}
          empty={text.trim() === "" ? t("transfer.empty") : t("dial.none", { text: text.trim() })}
          hint={t("dial.none.hint")}
          onRetry={retry}
        />
      )}
      <ParkInstead call={call} onClose={onClose} />
    </section>
  );
}
