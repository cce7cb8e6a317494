import { hrefOf } from "../../app/route.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./ContactSources.module.css";
import { useSourceSearch } from "./sources.ts";

/** Why a directory has found nobody, below what the others have found. */
export function SilentSources({ text }: { text: string }) {
  const t = useT();
  const { silent } = useSourceSearch(text, true);
  return silent.map(({ source, state }) => (
    <p key={source} className={styles.silent} role="status">
      {t(`sources.silent.${state === "working" ? "slow" : state}`, {
        source: t(`sources.${source}`),
      })}
      {state === "sign_in_again" && (
        <>
          {" "}
          <a href={hrefOf("settings")}>{t("sources.toSettings")}</a>
        </>
      )}
    </p>
  ));
}
