import { Store } from "@offhook/sdk/api";

export interface Notice {
  id: number;
  text: string;
  /** The way back, for a while. */
  undo?: { label: string; work: () => void };
}

/** What just happened, said once and shown for a while; one at a time. */
export const notice = new Store<Notice | null>(null);

let last = 0;

export function tell(text: string, undo?: Notice["undo"]): void {
  last += 1;
  notice.set({ id: last, text, ...(undo ? { undo } : {}) });
}
