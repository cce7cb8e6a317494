import type { Phone } from "@offhook/sdk";
import { lazy, type ReactNode, Suspense } from "react";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { flushRemovals } from "../../app/removals.ts";
import { hrefOf } from "../../app/route.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { OwnPresence } from "../presence/OwnPresence.tsx";
import styles from "./Account.module.css";
import { KeyList } from "../keys/KeyList.tsx";

const RoutingSettings = lazy(() => import("../routing/RoutingSettings.tsx"));

/** How long the last deletions may take before the page is locked in spite of them. */
const LAST_WORD_MS = 1_000;

/** What was deleted goes out while there is still a session, yet nobody stays signed in for it. */
async function signOut(phone: Phone): Promise<void> {
  const enough = new Promise((done) => setTimeout(done, LAST_WORD_MS));
  await Promise.race([flushRemovals(), enough]);
  await phone.signOut();
}

export function Account() {
  const t = useT();
  const phone = usePhone();
  const { me } = useCalls();
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
        <nav className={styles.links} aria-label={t("account.title")}>
          <OwnLink href={hrefOf("settings")}>{t("account.settings")}</OwnLink>
          <OwnLink href={hrefOf("security")}>{t("account.security")}</OwnLink>
          {me && me.user.permissions.length > 0 && (
            <OwnLink href="/admin/">{t("account.admin")}</OwnLink>
          )}
        </nav>
        <KeyList />
        <Button icon="signOut" wide onPress={() => void signOut(phone).catch(() => undefined)}>
          {t("account.signOut")}
        </Button>
      </div>
    </section>
  );
}

function OwnLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a className={styles.link} href={href}>
      <span>{children}</span>
      <Icon name="chevron" size={18} />
    </a>
  );
}
