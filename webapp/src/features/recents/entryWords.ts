import type { JournalEntry } from "@offhook/sdk";
import type { MessageId, Translate } from "../../i18n/I18n.tsx";
import type { IconName } from "@offhook/ui/Icon.tsx";

/** What happened, in one or two words. */
export function kindWords(t: Translate, entry: JournalEntry, deviceId: string | null): string {
  if (entry.kind === "answered_by" && entry.answered_by !== null) {
    return t("recents.kind.answered_by.name", { who: entry.answered_by });
  }
  if (entry.kind === "forwarded" && entry.forwarded_to !== null) {
    return t("recents.kind.forwarded.to", { to: entry.forwarded_to });
  }
  return t(kindId(entry, deviceId));
}

const FAILURES: Record<string, MessageId> = {
  busy: "recents.kind.busy",
  no_answer: "recents.kind.no_answer",
  cancelled: "recents.kind.cancelled",
  unreachable: "recents.kind.unreachable",
  blocked: "recents.kind.blocked",
  media_failed: "recents.kind.failed",
  node_failed: "recents.kind.failed",
  failed: "recents.kind.failed",
  declined: "recents.kind.declined.out",
};

function kindId(entry: JournalEntry, deviceId: string | null): MessageId {
  if (entry.direction === "out") {
    if (entry.answered_at !== null) return "recents.kind.outgoing";
    return FAILURES[entry.reason ?? ""] ?? FAILURES[entry.kind] ?? "recents.kind.outgoing";
  }
  switch (entry.kind) {
    case "answered":
      if (entry.answered_on === "desk_phone") return "recents.kind.answered_desk";
      return entry.device_id !== null && entry.device_id === deviceId
        ? "recents.kind.answered"
        : "recents.kind.answered_elsewhere";
    case "answered_by":
      return "recents.kind.answered_by";
    case "declined":
      return "recents.kind.declined.in";
    case "forwarded":
      return "recents.kind.forwarded";
    default:
      return "recents.kind.missed";
  }
}

export function entryIcon(entry: JournalEntry): IconName {
  if (isMissed(entry)) return "missed";
  return entry.direction === "in" ? "incoming" : "outgoing";
}

export function isMissed(entry: JournalEntry): boolean {
  return entry.direction === "in" && entry.kind === "missed";
}

/** 40 s, 12 min, 1 h 5 min: as people say it. */
export function durationWords(t: Translate, ms: number | null): string | null {
  if (ms === null || ms < 1000) return null;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return t("duration.seconds", { n: seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t("duration.minutes", { n: minutes });
  return t("duration.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** Today the time, this week the day, earlier the date. */
export function whenWords(t: Translate, iso: string, locale: string, now: Date): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return "";
  const days = daysBetween(date, now);
  if (days === 0) return date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  if (days === 1) return t("recents.day.yesterday");
  if (days < 7) return date.toLocaleDateString(locale, { weekday: "short" });
  return date.toLocaleDateString(locale, { day: "numeric", month: "short" });
}

function daysBetween(date: Date, now: Date): number {
  const day = (d: Date) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  return Math.round((day(now) - day(date)) / 86_400_000);
}
