import { arrivedSignedIn, Store } from "@offhook/sdk/api";
import { reportBack } from "./proof.ts";

const PLACE = "offhook.admin.place";

/** Why the company's own sign-in sent the user back. */
export const signInError = new Store<string | null>(null);

/** Before one leaves for the company's own sign-in: which page it was for. */
export function keepPlace(): void {
  sessionStorage.setItem(PLACE, location.hash);
}

/**
 * Before anything else reads the address: back from the company's own sign-in, signed in or with
 * the reason why not, and on to the page that it was for.
 */
export function comeBack(): void {
  const error = new URLSearchParams(location.hash.slice(1)).get("sign_in_error");
  if (!arrivedSignedIn() && error === null) return;
  signInError.set(error);
  reportBack(error);
  const place = sessionStorage.getItem(PLACE) ?? "";
  sessionStorage.removeItem(PLACE);
  const known = place.startsWith("#/") ? place : "";
  history.replaceState(null, "", `${location.pathname}${location.search}${known}`);
}
