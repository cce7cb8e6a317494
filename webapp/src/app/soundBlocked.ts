import { Store } from "@offhook/sdk";

/** The browser refused to play the call until the user touches the page. */
export const soundBlocked = new Store(false);
