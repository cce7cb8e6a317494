import type { Phone } from "@offhook/sdk";

/**
 * Only with `?diag=1`: figures for support and for tests, which must hear tones in the page. Gives
 * no token and no control. With it the microphone comes unprocessed.
 */
export interface Diagnostics {
  /** pc.getStats() of a call's leg as plain objects; without an id, of the newest leg. */
  stats: (callId?: string) => Promise<unknown[]>;
  /** Level and strongest frequency of what is heard (AnalyserNode, fftSize 8192). */
  level: (callId?: string) => unknown;
  /** The newest page of the journal. */
  journal: () => Promise<unknown[]>;
  /** Session, link, calls and legs as JSON. */
  state: () => unknown;
}

export function exposeDiagnostics(phone: Phone): void {
  const handle: Diagnostics = {
    stats: (callId) => phone.legs.stats(callId),
    level: (callId) => phone.legs.level(callId),
    journal: async () => {
      const page = await phone.rest.call("GET /journal", {}, phone.session);
      return page.items;
    },
    state: () => ({
      session: phone.session.state.get(),
      link: phone.link.get(),
      leader: phone.leader.get(),
      microphone: phone.microphone.state.get(),
      sound: phone.ringer.sound.get(),
      legs: phone.legs.views.get(),
      ...phone.calls.get(),
    }),
  };
  Object.assign(window, { __offhook: handle });
}
