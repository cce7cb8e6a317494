import { useCalls } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { useDial } from "../dial/useDial.ts";
import { messagesWords } from "./lamp.ts";
import styles from "./Voicemail.module.css";

/** The lamp and the way into the mailbox. An unknown lamp is shown as unknown, not as empty. */
export function Voicemail() {
  const t = useT();
  const { mwi, me } = useCalls();
  const { dial } = useDial();
  const number = me?.line?.mailbox_number;
  return (
    <section aria-labelledby="voicemail-title">
      <ListTitle id="voicemail-title" level={1}>
        {t("voicemail.title")}
      </ListTitle>
      <div className={styles.box}>
        <span className={styles.lamp} data-on={mwi === null ? "unknown" : mwi.waiting}>
          <Icon name="voicemail" size={30} />
        </span>
        {/* Changes are read out: the lamp may go on or off while somebody is here. */}
        <p className={styles.count} role="status">
          {mwi === null ? (
            t("voicemail.unknown")
          ) : (
            <>
              <strong>{messagesWords(t, mwi)}</strong>
              {mwi.old !== null && <span>{t("voicemail.old", { count: mwi.old })}</span>}
            </>
          )}
        </p>
        {number ? (
          <>
            <Button look="primary" icon="phone" wide onPress={() => dial(number)}>
              {t("voicemail.call")}
            </Button>
            <p className={styles.how}>{t("voicemail.how")}</p>
          </>
        ) : (
          <p className={styles.how}>{t("voicemail.none")}</p>
        )}
      </div>
    </section>
  );
}
