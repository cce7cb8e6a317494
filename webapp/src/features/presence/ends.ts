export const ENDS = ["30min", "1h", "4h", "tomorrow", "never"] as const;
export type End = (typeof ENDS)[number];

/** An end that is set already stays as it is unless another one is chosen. */
export type Choice = End | "keep";

const MINUTES: Partial<Record<End, number>> = { "30min": 30, "1h": 60, "4h": 240 };
const MORNING = 8;

/** When a chosen end comes; null: it does not. "Tomorrow" is the next morning at eight. */
export function endOf(end: Choice, now: Date, kept: string | null = null): string | null {
  if (end === "never") return null;
  if (end === "keep") return kept;
  const minutes = MINUTES[end];
  const at = new Date(now);
  if (minutes !== undefined) at.setTime(now.getTime() + minutes * 60_000);
  else {
    // Whoever works past midnight means the morning that comes.
    if (now.getHours() >= MORNING) at.setDate(now.getDate() + 1);
    at.setHours(MORNING, 0, 0, 0);
  }
  return at.toISOString();
}
