export * from "./api/types.ts";
export { localProblem, ProblemError, toProblem } from "./api/problem.ts";
export { RestClient } from "./api/rest.ts";
export { createPasskey, passkeysSupported, usePasskey } from "./api/webauthn.ts";
export { Session, type SessionState } from "./api/session.ts";
export { companySignInUrl } from "./browser/device.ts";
export { browserPlatform, type BrowserOptions, type Platform } from "./browser/platform.ts";
export { type Fetch } from "./calls/commands.ts";
export { isHeldHere } from "./calls/control.ts";
export { type Pending } from "./calls/pending.ts";
export { type CallNotice, type CallsState, type EndedCall, type Ring } from "./calls/state.ts";
export { type LegState, type LegView } from "./media/leg.ts";
export {
  type AudioChoice,
  type AudioDevice,
  type AudioDeviceList,
  AudioDevices,
  type AudioRole,
} from "./media/devices.ts";
export { type MicrophoneState } from "./media/microphone.ts";
export { type Level } from "./media/output.ts";
export { type Quality } from "./media/quality.ts";
export { type SoundState } from "./media/ringer.ts";
export { cleanDigits, cleanNumber, dialText, looksLikeNumber } from "./numbers/clean.ts";
export { diagnosticBundle } from "./diagnostics/bundle.ts";
export { Recorder } from "./diagnostics/recorder.ts";
export { redact } from "./diagnostics/redact.ts";
export { groupNumber } from "./numbers/format.ts";
export { type Observable, Store } from "./observable.ts";
export { Phone } from "./phone.ts";
export {
  type People as PeoplePresence,
  Presence,
  type PresenceChange,
} from "./presence/presence.ts";
export { type Settings, UserSettings } from "./settings/settings.ts";
export { type LinkState } from "./realtime/socket.ts";
