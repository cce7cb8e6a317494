import { type Recorder, Store } from "@offhook/sdk";

/** Begun with the page, so that it knows what was before somebody asked. */
export const recorderOf = new Store<Recorder | null>(null);
