/** Sign-in and requests, without socket, calls and sound: for pages that are no phone. */
export * from "./types.ts";
export { localProblem, ProblemError, toProblem } from "./problem.ts";
export { type RequestOptions, RestClient, type TokenSource } from "./rest.ts";
export { type Body, type PathParameters, type Query, type Reply, type Route } from "./routes.ts";
export { createPasskey, passkeysSupported, usePasskey } from "./webauthn.ts";
export { Session, type SessionState } from "./session.ts";
export { arrivedSignedIn, companySignInUrl } from "../browser/device.ts";
export { type BrowserSession, browserSession } from "../browser/session.ts";
export { type Observable, Store } from "../observable.ts";
export { redact } from "../diagnostics/redact.ts";
