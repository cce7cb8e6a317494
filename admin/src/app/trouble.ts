import { Store } from "@offhook/sdk/api";

/** A request that was refused, without what was asked for: no id, no search word, no body. */
export interface Trouble {
  at: string;
  route: string;
  status: number;
  code: string;
}

const KEEP = 50;

/** What went wrong in this window, the newest last: for diagnostics. It ends with the page. */
export const troubles = new Store<readonly Trouble[]>([]);

export function noteTrouble(route: string, { status, code }: { status: number; code: string }) {
  const one = { at: new Date().toISOString(), route, status, code };
  troubles.set([...troubles.get(), one].slice(-KEEP));
}
