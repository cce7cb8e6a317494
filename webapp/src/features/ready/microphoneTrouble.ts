import { type Problem, Store } from "@offhook/sdk";

/** The last time that answering failed, mostly for want of a microphone. */
export const microphoneTrouble = new Store<Problem | null>(null);
