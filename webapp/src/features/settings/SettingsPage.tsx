import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { BackToMe } from "../account/BackToMe.tsx";
import { ContactSources } from "../contact-sources/ContactSources.tsx";
import { SupportSection } from "../diagnostics/SupportSection.tsx";
import { LanguageAndLook } from "./LanguageAndLook.tsx";
import { NotificationSetting } from "./NotificationSetting.tsx";
import { SelfTestPanel } from "./SelfTestPanel.tsx";
import styles from "./Settings.module.css";
import { SoundSettings } from "./SoundSettings.tsx";

/** What the user chooses: devices for this browser, all else for every device. */
export default function SettingsPage() {
  const t = useT();
  return (
    <section aria-labelledby="settings-title">
      <ListTitle id="settings-title" level={1} action={<BackToMe />}>
        {t("settings.title")}
      </ListTitle>
      <div className={styles.body}>
        <SelfTestPanel />
        <SoundSettings />
        <NotificationSetting />
        <LanguageAndLook />
        <ContactSources />
        <SupportSection />
      </div>
    </section>
  );
}
