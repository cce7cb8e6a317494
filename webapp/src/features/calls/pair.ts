import type { Call } from "@offhook/sdk";
import { allowed } from "./callWords.ts";

/** Two calls of which one may have been made to ask about the other. */
export interface Pair {
  /** Who is handed over. */
  caller: Call;
  /** To whom. */
  target: Call;
  /** The second call was made to ask about the first one. */
  asked: boolean;
}

export function pairOf(front: Call, beside: Call): Pair {
  if (front.consults === beside.id) return { caller: beside, target: front, asked: true };
  if (beside.consults === front.id) return { caller: front, target: beside, asked: true };
  return { caller: beside, target: front, asked: false };
}

/** It must ring there at least: then whoever is handed over hears it ring. */
export function canConnect({ caller, target }: Pair): boolean {
  return allowed(caller, "transfer") && target.phase !== "dialling";
}

export function canMerge(front: Call, beside: Call): boolean {
  return allowed(front, "merge") && allowed(beside, "merge");
}
