import { useCalls } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Row } from "../../ui/Row.tsx";
import { useDial } from "../dial/useDial.ts";
import styles from "./DemoHints.module.css";

/** What a newcomer to the demonstration can dial; the list comes from the server. */
export function DemoHints() {
  const t = useT();
  const { me } = useCalls();
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
            detail={hint.about}
            aside={hint.number}
            onPress={() => dial(hint.number, hint.name)}
          />
        ))}
      </ul>
    </section>
  );
}
