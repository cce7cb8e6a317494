import { useEffect, useRef, useState } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import { KeyGrid } from "../../ui/KeyGrid.tsx";
import { useAsk } from "./callTrouble.ts";
import styles from "./Keypad.module.css";

/** Digits into the call, by finger or by the keyboard's own digit keys. */
export function Keypad({ callId, onClose }: { callId: string; onClose: () => void }) {
  const t = useT();
  const phone = usePhone();
  const ask = useAsk(callId);
  const box = useRef<HTMLElement>(null);
  const [sent, setSent] = useState("");

  const send = (digit: string) => {
    phone.ringer.key(digit);
    setSent((digits) => digits + digit);
    const sending = phone.sendDigits(callId, digit);
    // What was not sent is not shown as sent.
    sending.catch(() => setSent((digits) => digits.slice(0, -1)));
    ask(sending);
  };
  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });

  useEffect(() => {
    box.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      const field = event.target instanceof HTMLInputElement;
      // A key that is held down is one digit.
      if (field || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^[\d*#]$/.test(event.key)) latest.current(event.key);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return (
    <section
      ref={box}
      className={styles.keypad}
      aria-label={t("call.keypad")}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div className={styles.sent}>
        <output className={styles.digits} aria-label={t("call.digits")}>
          {sent}
        </output>
        <IconButton icon="close" label={t("call.keypad.close")} onPress={onClose} />
      </div>
      <KeyGrid label={t("call.keypad")} onKey={send} />
    </section>
  );
}
