import type { Me } from "@offhook/sdk";

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

/** To whom this user's calls went from this browser, the last one first. */
export function lastTargets(me: Me | null): Target[] {
  if (!me) return [];
  try {
    const list = JSON.parse(localStorage.getItem(keyOf(me)) ?? "[]") as unknown;
    return Array.isArray(list) ? list.filter(isTarget) : [];
  } catch {
    return [];
  }
}

export function rememberTarget(me: Me | null, target: Target): void {
  if (!me) return;
  const others = lastTargets(me).filter((one) => one.number !== target.number);
  try {
    localStorage.setItem(keyOf(me), JSON.stringify([target, ...others].slice(0, KEEP)));
  } catch {
    // Full or forbidden: the list is a convenience.
  }
}

/** Browsers are shared: nobody sees whom another one calls. */
function keyOf({ tenant, user }: Me): string {
  return `${KEY}.${tenant.id}.${user.id}`;
}

function isTarget(value: unknown): value is Target {
  const one = value as Partial<Target> | null;
  return typeof one?.number === "string" && typeof one.shown === "string";
}
