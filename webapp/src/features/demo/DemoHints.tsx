import type { DemoHint, Offer } from "@offhook/sdk";
import { useCalls } from "../../app/PhoneContext.tsx";
import en from "../../i18n/en.json";
import { type MessageId, type Translate, useT } from "../../i18n/I18n.tsx";
import { Row } from "../../ui/Row.tsx";
import { useDial } from "../dial/useDial.ts";
import styles from "./DemoHints.module.css";

/** In the user's language what the server says in English. */
function aboutWords(t: Translate, { kind, about }: DemoHint): string {
  const id = `demo.kind.${kind}`;
  return id in en ? t(id as MessageId) : about;
}

/** Each with what the phone system must offer for it. */
const MORE: readonly (readonly [MessageId, Offer | null])[] = [
  ["demo.move", "dial_desk_phone"],
  ["demo.pickup", "pickup"],
  ["demo.park", "park"],
  ["demo.quiet", "do_not_disturb"],
];

/** What a newcomer to the demonstration can dial; the list comes from the server. */
export function DemoHints() {
  const t = useT();
  const { me, offers } = useCalls();
  const { dial } = useDial();
  const hints = me?.demo?.hints ?? [];
  if (hints.length === 0) return null;
  return (
    <section className={styles.panel} aria-labelledby="demo-title">
      <h2 id="demo-title" className={styles.title}>
        {t("demo.title")}
      </h2>
      <p className={styles.intro}>{t("demo.intro")}</p>
      <ul className={styles.hints}>
        {hints.map((hint) => (
          <Row
            key={hint.number}
            avatar={hint.name}
            title={hint.name}
            detail={aboutWords(t, hint)}
            aside={hint.number}
            onPress={() => dial(hint.number, hint.name)}
          />
        ))}
      </ul>
      <h3 id="demo-more" className={styles.title}>
        {t("demo.more")}
      </h3>
      <ul className={styles.more} aria-labelledby="demo-more">
        {MORE.filter(([, offer]) => offer === null || offers.includes(offer)).map(([words]) => (
          <li key={words}>{t(words)}</li>
        ))}
      </ul>
    </section>
  );
}
