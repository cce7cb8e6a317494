/**
 * Keys press the control that is on the page: what is not offered has no key either. A control
 * names its key in data-shortcut.
 */
export const SHORTCUTS = ["m", "h", "k", "n", "s", "t", "v"] as const;
/** These act on a call in a way that cannot be undone: only with the focus there, or with Shift. */
export const GUARDED = ["a", "d", "e"] as const;

type Target = Pick<HTMLElement, "closest"> | null;

export type KeyAction =
  { kind: "press"; key: string } | { kind: "dial_field" } | { kind: "incoming" } | { kind: "help" };

interface Key {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  repeat: boolean;
}

const FIELD = "input, textarea, select, [contenteditable]";

/** What a key means now; null if it is somebody else's. Never in a field, never with Ctrl or Alt. */
export function meaningOf(event: Key, target: Target): KeyAction | null {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return null;
  if (event.key === "F8") return { kind: "incoming" };
  if (target?.closest(FIELD) || target?.closest('[role="dialog"]')) return null;
  if (event.key === "/") return { kind: "dial_field" };
  if (event.key === "?") return { kind: "help" };
  const key = event.key.toLowerCase();
  if (isOneOf(SHORTCUTS, key) && !event.shiftKey) return { kind: "press", key };
  if (isOneOf(GUARDED, key)) {
    const near = target?.closest(`[data-keys~="${key}"]`);
    if (near || event.shiftKey) return { kind: "press", key };
  }
  return null;
}

function isOneOf(list: readonly string[], key: string): boolean {
  return list.includes(key);
}
