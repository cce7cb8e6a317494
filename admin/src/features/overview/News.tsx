import type { Reply } from "@offhook/sdk/api";
import { I18nContext } from "@offhook/ui/i18n/language.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { use } from "react";
import { useApi } from "../../app/context.ts";
import { useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { COMPATIBILITY_TONES } from "../sites/connector.ts";
import { State } from "../../ui/State.tsx";
import styles from "./Overview.module.css";

type Announcement = Reply<"GET /announcements">["items"][number];

/** What the platform and the company have to say now. */
export function News() {
  const api = useApi();
  const { language } = use(I18nContext);
  const news = useQuery({
    queryKey: ["news", language],
    queryFn: () => api.call("GET /announcements", { query: { language } }),
  });
  return news.data?.items.map((one) => <Item key={one.id} one={one} />);
}

function Item({ one }: { one: Announcement }) {
  const t = useT();
  const when = useWhen();
  const { release, starts_at: from, ends_at: until } = one;
  return (
    <Note kind={one.urgency === "emergency" ? "danger" : "info"} live={false}>
      <strong>{one.title}</strong>
      {one.text !== "" && <p>{one.text}</p>}
      {release !== "" && <p>{t("news.of", { release })}</p>}
      {from !== null && (
        <p>
          {until === null
            ? t("news.begins", { from: when(from) })
            : t("news.lasts", { from: when(from), until: when(until) })}
        </p>
      )}
      {one.compatibility.length > 0 && <Systems one={one} />}
    </Note>
  );
}

/** Whether the phone system of each site goes with the update. */
function Systems({ one }: { one: Announcement }) {
  const t = useT();
  const word = useWord();
  return (
    <ul className={styles.systems} aria-label={t("news.systems")}>
      {one.compatibility.map((system) => (
        <li key={system.site_id}>
          <span>{`${system.site}: ${word("profile", system.profile)} ${system.pbx_release}`}</span>
          <State tone={COMPATIBILITY_TONES[system.state]}>
            {word("compatibility", system.state)}
          </State>
          {system.note !== "" && (
            <span lang="en" className={styles.small}>
              {system.note}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
