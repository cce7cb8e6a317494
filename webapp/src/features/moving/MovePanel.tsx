import type { Call } from "@offhook/sdk";
import { useEffect, useId, useRef } from "react";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { useAsk } from "../calls/callTrouble.ts";
import styles from "./MovePanel.module.css";
import { placeWords } from "./placeWords.ts";

interface Props {
  call: Call;
  places: Call["moves"];
  onClose: () => void;
}

/** Where this call can go on. It stays here until the other place has it. */
export default function MovePanel({ call, places, onClose }: Props) {
  const t = useT();
  const phone = usePhone();
  const ask = useAsk(call.id);
  const heading = useId();
  const first = useRef<HTMLButtonElement>(null);

  useEffect(() => first.current?.focus(), []);

  return (
    <section
      className={styles.panel}
      aria-labelledby={heading}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div className={styles.head}>
        <h2 id={heading} className={styles.title}>
          {t("move.title")}
        </h2>
        <IconButton icon="close" label={t("move.close")} onPress={onClose} />
      </div>
      <p className={styles.hint}>{t("move.hint")}</p>
      <ul className={styles.places}>
        {places.map((place, i) => (
          <li key={place.to}>
            <Button
              {...(i === 0 ? { ref: first } : {})}
              onPress={() => ask(phone.moving.move(call.id, place.to).then(onClose))}
            >
              {placeWords(t, place)}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
