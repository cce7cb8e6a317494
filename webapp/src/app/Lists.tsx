import { lazy, Suspense } from "react";
import { Account } from "../features/account/Account.tsx";
import { Announcements } from "../features/announcements/Announcements.tsx";
import { DialField } from "../features/dial/DialField.tsx";
import { SearchResults } from "../features/dial/SearchResults.tsx";
import { useDialText } from "../features/dial/DialText.tsx";
import { DndChip } from "../features/presence/DndChip.tsx";
import { People } from "../features/people/People.tsx";
import { FetchParked } from "../features/parking/FetchParked.tsx";
import { Recents } from "../features/recents/Recents.tsx";
import { Voicemail } from "../features/voicemail/Voicemail.tsx";
import { DemoHints } from "../features/demo/DemoHints.tsx";
import { ReadyStrip } from "../features/ready/ReadyStrip.tsx";
import { NARROW, useMedia } from "@offhook/ui/media.ts";
import { useStage } from "./PhoneContext.tsx";
import { useT } from "../i18n/I18n.tsx";
import styles from "./Lists.module.css";
import type { View } from "./route.ts";

const ContactsPage = lazy(() => import("../features/contacts/ContactsPage.tsx"));
const SettingsPage = lazy(() => import("../features/settings/SettingsPage.tsx"));
const SecurityPage = lazy(() => import("../features/security/SecurityPage.tsx"));

/** Lists of whom to call: the field for names and numbers stands above them. */
const DIALLING: readonly View[] = ["phone", "recents", "people", "contacts"];

export function Lists({ view }: { view: View }) {
  const t = useT();
  const { text } = useDialText();
  const { active } = useStage();
  const dialling = DIALLING.includes(view);
  return (
    <section className={styles.lists} aria-label={t("nav.list")} data-view={view}>
      {view === "phone" && active.length === 0 && (
        <h1 className="visually-hidden">{t("nav.phone")}</h1>
      )}
      <DndChip />
      {dialling ? <DialField /> : <div className={styles.top} />}
      <div className={styles.scroll}>
        {dialling && text.trim() !== "" ? <SearchResults /> : <ViewList view={view} />}
      </div>
    </section>
  );
}

function ViewList({ view }: { view: View }) {
  const narrow = useMedia(NARROW);
  const { active } = useStage();
  switch (view) {
    case "phone":
      return narrow ? (
        <div className={styles.narrow}>
          {/* Below the field: what is found takes their place. */}
          {active.length === 0 && <Announcements />}
          {active.length === 0 && <ReadyStrip />}
          {active.length === 0 && <FetchParked />}
          {active.length === 0 && <DemoHints />}
          <Recents short />
        </div>
      ) : (
        <>
          <People short />
          <Recents short />
        </>
      );
    case "people":
      return <People />;
    case "contacts":
      return (
        <Suspense fallback={null}>
          <ContactsPage />
        </Suspense>
      );
    case "recents":
      return <Recents />;
    case "voicemail":
      return <Voicemail />;
    case "me":
      return <Account />;
    case "settings":
      return (
        <Suspense fallback={null}>
          <SettingsPage />
        </Suspense>
      );
    case "security":
      return (
        <Suspense fallback={null}>
          <SecurityPage />
        </Suspense>
      );
  }
}
