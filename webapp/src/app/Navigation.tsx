import { OwnMark } from "../features/presence/OwnMark.tsx";
import { messagesWords, newMessages } from "../features/voicemail/lamp.ts";
import { useT } from "../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { Icon, type IconName } from "@offhook/ui/Icon.tsx";
import styles from "./Navigation.module.css";
import { useCalls } from "./PhoneContext.tsx";
import { hrefOf, useView, type View } from "./route.ts";

/** The two lists of people. */
const PEOPLE: readonly View[] = ["people", "contacts"];
/** Reached from one's own page, and a part of it. */
const OWN: readonly View[] = ["me", "settings", "security"];

const ITEMS: { view: "phone" | "people" | "recents" | "voicemail"; icon: IconName }[] = [
  { view: "phone", icon: "phone" },
  { view: "people", icon: "people" },
  { view: "recents", icon: "recents" },
  { view: "voicemail", icon: "voicemail" },
];

function isAt(view: View, current: View): boolean {
  return view === "people" ? PEOPLE.includes(current) : view === current;
}

function badgeText(count: number): string {
  if (count === Number.POSITIVE_INFINITY) return "•";
  return count > 99 ? "99+" : String(count);
}

/** Rail on the left or tabs below, the same links in the same order. */
export function Navigation() {
  const t = useT();
  const current = useView();
  const { unread, mwi, me } = useCalls();
  const counts: Partial<Record<View, { count: number; words: string }>> = {
    recents: { count: unread, words: t("nav.unread", { count: unread }) },
    voicemail: { count: newMessages(mwi), words: messagesWords(t, mwi) },
  };
  return (
    <nav className={styles.nav} aria-label={t("nav.label")}>
      {ITEMS.map(({ view, icon }) => {
        const badge = counts[view];
        return (
          <a
            key={view}
            className={styles.item}
            href={hrefOf(view)}
            aria-current={isAt(view, current) ? "page" : undefined}
          >
            <Icon name={icon} />
            <span>{t(`nav.${view}`)}</span>
            {badge !== undefined && badge.count > 0 && (
              <span className={styles.badge}>
                <span aria-hidden="true">{badgeText(badge.count)}</span>
                <span className="visually-hidden">{badge.words}</span>
              </span>
            )}
          </a>
        );
      })}
      <a
        className={`${styles.item ?? ""} ${styles.me ?? ""}`}
        href={hrefOf("me")}
        aria-current={OWN.includes(current) ? "page" : undefined}
      >
        <OwnMark>
          <Avatar name={me?.user.name ?? null} size="s" fallback="people" />
        </OwnMark>
        <span>{t("nav.account")}</span>
      </a>
    </nav>
  );
}
