import { Store } from "@offhook/sdk";

/** The next call that is dialled here does not show who calls. It holds for that call alone. */
export const hideNumber = new Store(false);
