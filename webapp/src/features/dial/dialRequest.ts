import { type Fetch, type Problem, Store } from "@offhook/sdk";

export interface DialWhat {
  number: string;
  name: string | null;
  /** What rings or waits elsewhere is fetched instead; always with the sound of this browser. */
  fetch?: Fetch;
  /** Called when the server has taken the call; until then nothing that was typed is thrown away. */
  onPlaced?: (() => void) | undefined;
}

/** The one call that is being placed now, until the server has taken it. */
export type DialRequest =
  | { kind: "idle" }
  | { kind: "asking"; what: DialWhat }
  | { kind: "working"; what: DialWhat }
  | { kind: "failed"; what: DialWhat; problem: Problem };

export const dialRequest = new Store<DialRequest>({ kind: "idle" });
