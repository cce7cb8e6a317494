import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { soundBlocked } from "../app/soundBlocked.ts";
import { clearRemovals } from "../app/removals.ts";
import { waitingUpdate } from "../app/update.ts";
import { callTrouble } from "../features/calls/callTrouble.ts";
import { cameBack } from "../features/contact-sources/cameBack.ts";
import { BEGINNING, listPlace } from "../features/contacts/listPlace.ts";
import { panel } from "../features/contacts/panel.ts";
import { callingBack } from "../features/dial/CallBackNote.tsx";
import { dialRequest } from "../features/dial/dialRequest.ts";
import { hideNumber } from "../features/dial/hideNumber.ts";
import { clearParked } from "../features/parking/parked.ts";
import { microphoneTrouble } from "../features/ready/microphoneTrouble.ts";
import { recorderOf } from "../features/diagnostics/recorder.ts";
import { stepUp } from "../features/security/stepUp.ts";
import { mailedLink, signInError } from "../features/sign-in/link.ts";

// Asking jsdom for every element's visibility takes most of the time of role queries; what is
// hidden here is not rendered at all. Waiting may take longer on a busy machine.
configure({ defaultHidden: true, asyncUtilTimeout: 5_000 });

/** jsdom has no layout: the page counts as wide unless a test says otherwise. */
export const layout = { narrow: false };

Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({
    matches: query.includes("max-width") ? layout.narrow : query.includes("hover"),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }),
});

/** jsdom lacks it; only dialogs need it, for names without special characters. */
Object.defineProperty(window, "CSS", { value: { escape: (name: string) => name } });

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  layout.narrow = false;
  localStorage.clear();
  sessionStorage.clear();
  location.hash = "";
  document.title = "";
  dialRequest.set({ kind: "idle" });
  callTrouble.set(null);
  microphoneTrouble.set(null);
  clearRemovals();
  panel.set({ kind: "list" });
  listPlace.set(BEGINNING);
  cameBack.set(null);
  clearParked();
  hideNumber.set(false);
  callingBack.set(null);
  soundBlocked.set(false);
  stepUp.set(null);
  recorderOf.set(null);
  mailedLink.set(null);
  signInError.set(null);
  waitingUpdate.set(null);
});
