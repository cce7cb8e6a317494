import type { PersonPresence } from "@offhook/sdk";
import type { IntlShape } from "react-intl";
import type { Translate } from "../../i18n/I18n.tsx";

/** "15:00" today, "tomorrow, 08:00" and further with the day. */
export function endWords(intl: IntlShape, end: Date, now: Date): string {
  const time = intl.formatTime(end, { hour: "2-digit", minute: "2-digit" });
  if (end.toDateString() === now.toDateString()) return time;
  const day = intl.formatDate(end, { weekday: "short", day: "numeric", month: "short" });
  return `${day}, ${time}`;
}

/** The state, until when, and what they say of it. */
export function presenceWords(
  t: Translate,
  intl: IntlShape,
  seen: PersonPresence,
  now: Date,
): string {
  const state = t(`presence.${seen.state}`);
  const end = seen.until === null ? null : endWords(intl, new Date(seen.until), now);
  const words = end === null ? state : t("presence.until", { state, end });
  return seen.note === "" ? words : `${words} · ${seen.note}`;
}
