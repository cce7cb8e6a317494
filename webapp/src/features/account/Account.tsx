import type { Phone } from "@offhook/sdk";
import { lazy, Suspense, use } from "react";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { I18nContext, LANGUAGE_NAMES } from "@offhook/ui/i18n/language.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { removals } from "../recents/removals.ts";
import { OwnPresence } from "../presence/OwnPresence.tsx";
import styles from "./Account.module.css";
import { KeyList } from "../keys/KeyList.tsx";

const RoutingSettings = lazy(() => import("../routing/RoutingSettings.tsx"));

/** How long the last deletions may take before the page is locked in spite of them. */
const LAST_WORD_MS = 1_000;

/** What was deleted goes out while there is still a session, yet nobody stays signed in for it. */
async function signOut(phone: Phone): Promise<void> {
  const enough = new Promise((done) => setTimeout(done, LAST_WORD_MS));
  await Promise.race([removals.flush(), enough]);
  await phone.signOut();
}

export function Account() {
  const t = useT();
  const phone = usePhone();
  const { me } = useCalls();
  const { language, languages, choose } = use(I18nContext);
  const number = me?.line?.number;
  const desk = me?.line?.desk_number;
  return (
    <section aria-labelledby="account-title">
      <ListTitle id="account-title" level={1}>
        {t("account.title")}
      </ListTitle>
      <div className={styles.body}>
        {me && (
          <div className={styles.who}>
            <Avatar name={me.user.name} size="l" />
            <div>
              <p className={styles.name}>{me.user.name}</p>
              <p className={styles.detail}>{me.user.email}</p>
              <p className={styles.detail}>{me.tenant.name}</p>
              <p className={styles.detail}>
                {number === undefined ? t("account.noLine") : t("account.line", { number })}
              </p>
              {desk && <p className={styles.detail}>{t("account.desk", { number: desk })}</p>}
            </div>
          </div>
        )}
        <OwnPresence />
        <Suspense fallback={null}>
          <RoutingSettings />
        </Suspense>
        <label className={styles.field}>
          <span>{t("account.language")}</span>
          <select
            className={styles.select}
            value={language}
            onChange={(event) => {
              const next = languages.find((item) => item === event.target.value);
              if (next) choose(next);
            }}
          >
            {languages.map((item) => (
              <option key={item} value={item} lang={item}>
                {LANGUAGE_NAMES[item]}
              </option>
            ))}
          </select>
        </label>
        <KeyList />
        <Button icon="signOut" wide onPress={() => void signOut(phone).catch(() => undefined)}>
          {t("account.signOut")}
        </Button>
      </div>
    </section>
  );
}
