import { Removals } from "../../app/removals.ts";

/** Entries of the history that can still be taken back. */
export const removals = new Removals();
