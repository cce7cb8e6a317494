import { Store } from "@offhook/sdk";

/** How connecting an account ended: "connected", or the code of what went wrong. */
export const cameBack = new Store<string | null>(null);

/** The provider's page leads back to ours with the outcome behind "#". */
export function takeOutcome(): void {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const error = fragment.get("contact_source_error");
  if (error !== null) cameBack.set(error);
  else if (fragment.get("contact_source") === "connected") cameBack.set("connected");
  else return;
  history.replaceState(null, "", "/#/settings");
}
