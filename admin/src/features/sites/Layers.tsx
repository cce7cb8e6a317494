import { useIntl } from "react-intl";
import { useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import en from "../../i18n/en.json";
import { Said } from "../../ui/Said.tsx";
import { State } from "../../ui/State.tsx";
import { firstBroken, type Layer, toneOf } from "./connector.ts";
import styles from "./Sites.module.css";

/** Top down: the first one that is broken says what to do, those below it cannot be known. */
export function Layers({ layers }: { layers: readonly Layer[] }) {
  const t = useT();
  const word = useWord();
  const when = useWhen();
  const intl = useIntl();
  const measured = ({ code, value, of }: Layer["measured"][number]) => {
    if (code === "certificate_days") return t(`measure.${code}`, { value });
    const shown = typeof value === "number" ? intl.formatNumber(value) : value;
    return t(`measure.${code}`, {
      value: of === null ? shown : t("sites.of", { used: shown, all: intl.formatNumber(of) }),
    });
  };
  const broken = firstBroken(layers);
  const brokenAt = layers.findIndex(({ layer }) => layer === broken);
  return (
    <ol className={styles.layers}>
      {layers.map((layer, index) => {
        const hidden = brokenAt >= 0 && index > brokenAt && layer.state === "unknown";
        return (
          <li key={layer.layer} className={styles.layer}>
            <div className={styles.head}>
              <span className={styles.name}>{word("layer", layer.layer)}</span>
              <State tone={toneOf(layer.state)}>
                {hidden && broken !== null
                  ? t("sites.needs", { layer: word("layer", broken) })
                  : word("link", layer.state)}
              </State>
            </div>
            <p className={styles.small}>
              {[
                layer.since === null ? "" : t("sites.since", { when: when(layer.since) }),
                layer.last_proof === null ? "" : t("sites.proof", { when: when(layer.last_proof) }),
                ...layer.measured.map(measured),
              ]
                .filter((text) => text !== "")
                .join(" · ")}
            </p>
            {layer.detail !== "" && (
              <p className={styles.small}>
                <Said>{layer.detail}</Said>
              </p>
            )}
            {layer.advice && (
              <p className={styles.advice}>
                {`advice.${layer.advice.code}` in en ? (
                  word("advice", layer.advice.code)
                ) : (
                  <Said>{layer.advice.text}</Said>
                )}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
