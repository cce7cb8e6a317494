import { IconButton } from "@offhook/ui/Button.tsx";
import { I18nContext } from "@offhook/ui/i18n/language.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { use, useState } from "react";
import { useIntl } from "react-intl";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Announcements.module.css";

const KEY = "offhook.announcements.seen";

/** What operator and administrators have to say. Put away once, it stays away until it changes. */
export function Announcements() {
  const t = useT();
  const intl = useIntl();
  const phone = usePhone();
  const { language } = use(I18nContext);
  const { announcementVersion } = useCalls();
  const [seen, setSeen] = useState(loadSeen);
  const { data } = useQuery({
    queryKey: ["announcements", language, announcementVersion],
    queryFn: ({ signal }) =>
      phone.rest.call("GET /announcements", { query: { language }, signal }, phone.session),
    enabled: announcementVersion > 0,
    placeholderData: (before) => before,
  });
  const items = (data?.items ?? []).filter((item) => !seen.includes(`${item.id} ${item.version}`));
  if (items.length === 0) return null;

  const putAway = (mark: string) => {
    const next = [...seen, mark].slice(-50);
    setSeen(next);
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Full or not allowed: it is back with the next visit.
    }
  };
  const when = (at: string | null) =>
    at === null ? null : intl.formatDate(at, { dateStyle: "medium", timeStyle: "short" });
  return (
    <section className={styles.list} aria-label={t("announcements.label")}>
      {items.map((item) => {
        const [from, until] = [when(item.starts_at), when(item.ends_at)];
        return (
          <Note
            key={item.id}
            kind={item.urgency === "emergency" ? "danger" : item.kind === "news" ? "info" : "warn"}
            icon="info"
            action={
              <IconButton
                icon="close"
                label={t("announcements.close", { title: item.title })}
                onPress={() => putAway(`${item.id} ${item.version}`)}
              />
            }
          >
            <p className={styles.title}>{item.title}</p>
            {item.text !== "" && <p>{item.text}</p>}
            {from !== null && (
              <p className={styles.when}>
                {until === null
                  ? t("announcements.from", { from })
                  : t("announcements.when", { from, until })}
              </p>
            )}
          </Note>
        );
      })}
    </section>
  );
}

function loadSeen(): string[] {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? "[]") as unknown;
    return Array.isArray(list) ? list.filter((mark) => typeof mark === "string") : [];
  } catch {
    return [];
  }
}
