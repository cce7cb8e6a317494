import { Removals } from "../../app/removals.ts";

/** Contacts that can still be taken back. */
export const contactRemovals = new Removals();
