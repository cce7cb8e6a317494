import { IconButton } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Logo } from "@offhook/ui/Logo.tsx";
import { NARROW, useMedia } from "@offhook/ui/media.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { Suspense, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useT } from "../i18n/I18n.tsx";
import { Account } from "./Account.tsx";
import { useMay, useMe } from "./context.ts";
import { Leaving } from "./Leaving.tsx";
import { Notices } from "./Notices.tsx";
import { PageBoundary } from "./PageBoundary.tsx";
import { type PageEntry, PAGES } from "./pages.ts";
import { hrefOf, usePlace } from "./route.ts";
import styles from "./Shell.module.css";
import { StepUp } from "./StepUp.tsx";

/** Wide: navigation beside the page. Narrow: above it, folded away. */
export function Shell() {
  const t = useT();
  const me = useMe();
  const may = useMay();
  const narrow = useMedia(NARROW);
  const place = usePlace();
  // Open on the page where it was opened: going to another one closes it.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const main = useRef<HTMLElement>(null);
  const online = useOnline();
  const pages = PAGES.filter(({ permissions }) => permissions.some(may));
  const here = `${place.page}/${place.id}`;
  const open = openAt === here;
  const shown = pages.find(({ page }) => page === place.page) ?? pages[0];

  useEffect(() => {
    if (shown) document.title = `${t(shown.title)} · ${me.tenant.name} · ${t("app.name")}`;
  }, [shown, me.tenant.name, t]);

  return (
    <div className={styles.shell}>
      <a
        className={styles.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t("app.skip")}
      </a>
      <header className={styles.head}>
        <Logo />
        <span className={styles.tenant}>{me.tenant.name}</span>
        {narrow && (
          <IconButton
            icon={open ? "close" : "menu"}
            label={t(open ? "nav.close" : "nav.open")}
            aria-expanded={open}
            onPress={() => setOpenAt(open ? null : here)}
          />
        )}
      </header>
      {(!narrow || open) && (
        <div className={styles.side}>
          <Navigation pages={pages} current={shown?.page ?? ""} />
          <Account />
        </div>
      )}
      <main className={styles.main} id="main" ref={main} tabIndex={-1}>
        {!online && <Note kind="warn">{t("app.offline")}</Note>}
        {shown && (
          <PageBoundary key={shown.page}>
            <Suspense fallback={<ListState status="loading" empty="" onRetry={() => undefined} />}>
              <shown.Component />
            </Suspense>
          </PageBoundary>
        )}
      </main>
      <StepUp />
      <Leaving />
      <Notices />
    </div>
  );
}

function Navigation({ pages, current }: { pages: readonly PageEntry[]; current: string }) {
  const t = useT();
  return (
    <nav className={styles.nav} aria-label={t("nav.label")}>
      {pages.map(({ page, title, icon }) => (
        <a
          key={page}
          className={styles.item}
          href={hrefOf(page)}
          aria-current={page === current ? "page" : undefined}
        >
          <Icon name={icon} size={20} />
          {t(title)}
        </a>
      ))}
    </nav>
  );
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("online", listener);
      window.addEventListener("offline", listener);
      return () => {
        window.removeEventListener("online", listener);
        window.removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine,
  );
}
