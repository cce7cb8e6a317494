import { RestClient } from "../api/rest.ts";
import { Session } from "../api/session.ts";
import { arrivedSignedIn, rememberDevice, thisDevice, withLock } from "./device.ts";

export interface BrowserSession {
  rest: RestClient;
  session: Session;
}

/** Sign-in and requests without a phone: the same session as all other pages of this origin. */
export function browserSession(apiBase: string): BrowserSession {
  const rest = new RestClient(apiBase, (input, init) => fetch(input, init));
  const session = new Session({
    rest,
    withLock,
    now: () => Date.now(),
    device: thisDevice,
    rememberDevice,
    arrived: arrivedSignedIn,
  });
  return { rest, session };
}
