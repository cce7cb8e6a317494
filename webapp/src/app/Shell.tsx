import { lazy, Suspense, useEffect } from "react";
import { Announcer } from "./Announcer.tsx";
import { Lists } from "./Lists.tsx";
import { Navigation } from "./Navigation.tsx";
import { StageArea } from "./StageArea.tsx";
import { IncomingSlot } from "../features/incoming/IncomingSlot.tsx";
import { useT } from "../i18n/I18n.tsx";
import { NARROW, useMedia } from "@offhook/ui/media.ts";
import { DialTextProvider } from "../features/dial/DialText.tsx";
import { useShortcuts } from "../features/keys/useShortcuts.ts";
import { useWarningBeforeLeaving } from "./leaving.ts";
import { useStage } from "./PhoneContext.tsx";
import { useView } from "./route.ts";
import { useDocumentTitle } from "./title.ts";
import styles from "./Shell.module.css";

const HelpSheet = lazy(() => import("../features/keys/HelpSheet.tsx"));

/**
 * Wide: rail, list, stage. Narrow: one column with tabs below, and the incoming call in a row of
 * its own above the tabs, so that it pushes and never covers.
 */
export function Shell() {
  const t = useT();
  const view = useView();
  const narrow = useMedia(NARROW);
  const { incoming } = useStage();
  useDocumentTitle();
  useWarningBeforeLeaving();

  useEffect(() => {
    document.documentElement.dataset["view"] = view;
  }, [view]);

  const lists = <Lists key="lists" view={view} />;
  const stage = <StageArea key="stage" compact={narrow && view !== "phone"} />;

  return (
    <DialTextProvider>
      <Shortcuts />
      <Announcer />
      <div className={styles.shell} data-ringing={incoming.length > 0}>
        <a
          className={styles.skip}
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            (document.getElementById("stage") ?? document.getElementById("main"))?.focus();
          }}
        >
          {t("app.skip")}
        </a>
        <Navigation />
        <main className={styles.content} id="main" tabIndex={-1}>
          {narrow ? [stage, lists] : [lists, stage]}
        </main>
        <IncomingSlot />
      </div>
    </DialTextProvider>
  );
}

/** Below the provider of the dial field, which one of the keys goes to. */
function Shortcuts() {
  const { help, closeHelp } = useShortcuts();
  if (!help) return null;
  return (
    <Suspense fallback={null}>
      <HelpSheet onClose={closeHelp} />
    </Suspense>
  );
}
