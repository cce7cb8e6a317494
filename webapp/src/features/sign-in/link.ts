import { Store } from "@offhook/sdk";

/** What a letter's link asks for. The token is kept in memory and nowhere else. */
export interface MailedLink {
  kind: "welcome" | "reset";
  token: string;
}

export const mailedLink = new Store<MailedLink | null>(null);
/** Why the company's own sign-in sent the user back. */
export const signInError = new Store<string | null>(null);

/**
 * Before anything else of the page: secrets behind "#" never reach a server, and here they leave
 * the address bar at once, so that neither history nor a shared screen keeps them.
 */
export function takeLink(): void {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const kind = (["welcome", "reset"] as const).find((one) => location.pathname === `/${one}`);
  const token = fragment.get("token");
  const error = fragment.get("sign_in_error");
  if (kind !== undefined) mailedLink.set({ kind, token: token ?? "" });
  if (error !== null) signInError.set(error);
  if (kind !== undefined || error !== null) history.replaceState(null, "", "/");
}
