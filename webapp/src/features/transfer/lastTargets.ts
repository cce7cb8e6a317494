/** Somebody a call can be handed to. */
export interface Target {
  number: string;
  /** The number as people read it. */
  shown: string;
  name: string | null;
  userId?: string;
}

const KEY = "offhook.transferred";
const KEEP = 5;

/** To whom calls went from this browser, the last one first. */
export function lastTargets(): Target[] {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? "[]") as unknown;
    return Array.isArray(list) ? list.filter(isTarget) : [];
  } catch {
    return [];
  }
}

export function rememberTarget(target: Target): void {
  const others = lastTargets().filter((one) => one.number !== target.number);
  try {
    localStorage.setItem(KEY, JSON.stringify([target, ...others].slice(0, KEEP)));
  } catch {
    // Full or forbidden: the list is a convenience.
  }
}

function isTarget(value: unknown): value is Target {
  const one = value as Partial<Target> | null;
  return typeof one?.number === "string" && typeof one.shown === "string";
}
