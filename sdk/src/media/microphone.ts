import { localProblem } from "../api/problem.ts";
import { type Observable, Store } from "../observable.ts";

export type MicrophoneState =
  /** The browser does not tell before it asks. */
  | "unknown"
  | "prompt"
  | "granted"
  | "denied"
  /** No device is plugged in. */
  | "missing"
  /** Another program holds it, or the system refuses. */
  | "busy"
  /** Not a secure page, or no such interface. */
  | "unsupported";

export interface MicrophoneDeps {
  devices: Pick<MediaDevices, "getUserMedia"> | null;
  /** Permissions API; absent or failing means "unknown". */
  query: (() => Promise<PermissionStatus>) | null;
  constraints: MediaTrackConstraints;
}

/** The device to open; "" leaves it to the system. */
type Which = () => string;

const STATE_OF_ERROR: Record<string, MicrophoneState> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Asks for the microphone only when told to, and remembers what the browser said. */
export class Microphone {
  readonly #deps: MicrophoneDeps;
  readonly #which: Which;
  readonly #state = new Store<MicrophoneState>("unknown");

  constructor(deps: MicrophoneDeps, which: Which = () => "") {
    this.#deps = deps;
    this.#which = which;
    if (!deps.devices) this.#state.set("unsupported");
  }

  get state(): Observable<MicrophoneState> {
    return this.#state;
  }

  /** Looks without asking. Follows later changes in the browser's settings. */
  async watch(): Promise<void> {
    if (!this.#deps.devices || !this.#deps.query) return;
    try {
      const status = await this.#deps.query();
      this.#state.set(status.state);
      status.onchange = () => this.#state.set(status.state);
    } catch {
      // This browser does not know the name "microphone": we find out when we ask.
    }
  }

  async acquire(): Promise<MediaStreamTrack> {
    if (!this.#deps.devices) throw localProblem("microphone_unsupported", "No microphone here");
    try {
      const stream = await this.#deps.devices.getUserMedia({ audio: this.#constraints() });
      const track = stream.getAudioTracks()[0];
      if (!track) throw new DOMException("no audio track", "NotFoundError");
      this.#state.set("granted");
      return track;
    } catch (error) {
      const name = error instanceof DOMException || error instanceof Error ? error.name : "";
      const state = STATE_OF_ERROR[name] ?? "busy";
      this.#state.set(state);
      throw localProblem(`microphone_${state}`, "The microphone cannot be used");
    }
  }

  /** A wish, not a condition: a call with another microphone is better than none. */
  #constraints(): MediaTrackConstraints {
    const id = this.#which();
    return id === "" ? this.#deps.constraints : { ...this.#deps.constraints, deviceId: id };
  }

  /** Asks once so that the next call need not; the device is let go at once. */
  async ask(): Promise<void> {
    const track = await this.acquire();
    track.stop();
  }
}
