import { localProblem, ProblemError } from "../api/problem.ts";
import type { Call } from "../api/types.ts";
import { MediaLeg, type LegDeps, type LegView } from "../media/leg.ts";
import type { Microphone } from "../media/microphone.ts";
import type { CallAudio, Level } from "../media/output.ts";
import { type Observable, Store } from "../observable.ts";
import { isHeldHere } from "./control.ts";

export interface LegsDeps {
  leg: Omit<LegDeps, "sendOffer" | "isFinal" | "play">;
  microphone: Microphone;
  sendOffer: (callId: string, offer: CallOffer) => Promise<void>;
  /** Which connection to the server it is now, counted. */
  connection: () => number;
  createAudio: () => CallAudio;
  /** Which calls this tab carried, for the time after a reload. */
  memory: { load: () => string[]; save: (ids: string[]) => void };
  /** Other tabs of this browser: a leg moved here must end there. */
  announce: (callId: string) => void;
}

export interface CallOffer {
  sdp: string;
  generation: number;
  /** The user wants the call here although it is talking on another device. */
  take?: true;
}

interface Entry {
  leg: MediaLeg;
  audio: CallAudio;
  track: MediaStreamTrack | null;
  stop: () => void;
  cancelTone: (() => void) | null;
  /** Why it is here although the call is not, until the server says otherwise. */
  wish: Wish | null;
  /** The connection to the server that its newest offer went over; null: none was sent yet. */
  offeredOver: number | null;
}

/** The user takes the call of another device, or the server asked for this device's sound. */
export type Wish = "take" | "awaited";

/** The gateway plays busy or reorder tone for 5 s after a failed call; then the leg has no use. */
const TONE_MS = 5_500;
const TONE_REASONS = new Set(["busy", "unreachable", "declined", "blocked", "no_answer"]);
/** To offer again would not help: the call is over, or it is not this leg's any more. */
const REFUSALS = new Set([
  "call_unknown",
  "call_over",
  "not_ringing",
  "on_other_device",
  "superseded",
]);

/** It talks on another device of the user, or on the desk phone. */
export function isElsewhere(call: Call, ourDevice: string | undefined): boolean {
  if (call.on === "desk_phone") return true;
  const known = ourDevice !== undefined && call.device_id !== null;
  return call.phase === "connected" && known && call.device_id !== ourDevice;
}

/** The legs of this tab, at most one per call. */
export class Legs {
  readonly #deps: LegsDeps;
  readonly #entries = new Map<string, Entry>();
  /** What this tab carried before it was loaded again, until it is settled who carries it now. */
  readonly #before: Set<string>;
  #output = "";
  readonly #views = new Store<Readonly<Record<string, LegView>>>({});

  constructor(deps: LegsDeps) {
    this.#deps = deps;
    this.#before = new Set(deps.memory.load());
  }

  get views(): Observable<Readonly<Record<string, LegView>>> {
    return this.#views;
  }

  has(callId: string): boolean {
    return this.#entries.has(callId);
  }

  /** Which calls this tab carried before it was reloaded. */
  remembered(): readonly string[] {
    return [...this.#before];
  }

  /** What is heard in this tab, or about to be heard again. */
  carried(): string[] {
    return [...this.#entries]
      .filter(([id, { track }]) => track !== null || this.#before.has(id))
      .map(([id]) => id);
  }

  /** From now on it is what is carried that is remembered, or what has its sound under way. */
  forgetBefore(): void {
    for (const id of this.#before) if (!this.has(id)) this.#before.delete(id);
    this.#remember();
  }

  /** It was begun before its time: it is to be as if it had not been. */
  putBack(callId: string): void {
    if (!this.has(callId)) return;
    this.close(callId);
    this.remember(callId);
  }

  /** This tab is to carry it, as soon as the server says that it goes on. */
  remember(callId: string): void {
    this.#before.add(callId);
    this.#remember();
  }

  /** Opens the audio path. `callId` may be known later: the offer is prepared meanwhile. */
  open(key: string, callId: Promise<string> | string = key, wish: Wish | null = null): MediaLeg {
    const known = this.#entries.get(key);
    if (known) return known.leg;
    const audio = this.#deps.createAudio();
    if (this.#output !== "") audio.setDevice(this.#output);
    const leg = new MediaLeg({
      ...this.#deps.leg,
      sendOffer: async (offer) => {
        const id = await callId;
        // Another tab took the call meanwhile, or the user ended it.
        if (leg.closed) throw localProblem("offline", "The sound path was let go");
        entry.offeredOver = this.#deps.connection();
        const take = entry.wish === "take" ? ({ take: true } as const) : {};
        await this.#deps.sendOffer(id, { ...offer, ...take });
      },
      isFinal: (error) => error instanceof ProblemError && REFUSALS.has(error.code),
      play: (stream) => audio.play(stream),
    });
    const stop = leg.view.subscribe(() => {
      if (leg.closed && this.#entries.get(key)?.leg === leg) this.close(key);
      this.#publish();
    });
    const entry: Entry = {
      leg,
      audio,
      track: null,
      stop,
      cancelTone: null,
      wish,
      offeredOver: null,
    };
    this.#entries.set(key, entry);
    try {
      leg.start();
    } catch (error) {
      this.close(key);
      throw error;
    }
    this.#publish();
    return leg;
  }

  /** A leg opened before its call had an id gets it now. */
  rename(key: string, callId: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    entry.stop();
    entry.stop = entry.leg.view.subscribe(() => {
      if (entry.leg.closed && this.#entries.get(callId) === entry) this.close(callId);
      this.#publish();
    });
    this.#entries.set(callId, entry);
    this.#publish();
  }

  /** Opens the microphone for this call. Rejects with the reason in words' code. */
  async openMicrophone(callId: string): Promise<void> {
    const entry = this.#entries.get(callId);
    if (!entry || entry.track) return;
    const track = await this.#deps.microphone.acquire();
    this.giveTrack(callId, track);
  }

  giveTrack(callId: string, track: MediaStreamTrack): void {
    const entry = this.#entries.get(callId);
    // The user may have asked twice; a second track would keep the microphone open for ever.
    if (!entry || entry.leg.closed || entry.track) {
      track.stop();
      return;
    }
    this.#useTrack(entry, track);
    this.#remember();
    this.#deps.announce(callId);
  }

  /** Running calls go on with the microphone that is wanted now. */
  async changeMicrophone(): Promise<void> {
    for (const entry of this.#entries.values()) {
      const before = entry.track;
      if (!before) continue;
      const track = await this.#deps.microphone.acquire().catch(() => null);
      if (!track) continue;
      // The call ended, or its microphone was let go, while the browser looked for it.
      if (entry.track !== before || entry.leg.closed) {
        track.stop();
        continue;
      }
      before.onended = null;
      before.stop();
      this.#useTrack(entry, track);
    }
  }

  /** Where all calls are heard from now on; "" is what the system prefers. */
  setOutput(device: string): void {
    this.#output = device;
    for (const { audio } of this.#entries.values()) audio.setDevice(device);
  }

  /**
   * Keeps the leg in step with the server's view of the call. A call that talks elsewhere has no
   * use for a leg of this device, unless it is on its way here.
   */
  follow(call: Call, ourDevice: string | undefined): void {
    const entry = this.#entries.get(call.id);
    if (!entry) return;
    const comes = call.moving !== null && call.moving.to === ourDevice;
    if (call.device_id === ourDevice || (comes && entry.wish === "awaited")) entry.wish = null;
    else if (entry.wish === null && !comes && isElsewhere(call, ourDevice)) {
      this.close(call.id);
      return;
    }
    // The microphone follows the call that talks.
    entry.leg.setMuted(call.muted || isHeldHere(call));
    const talks = call.phase === "connected" && call.hold === "none";
    entry.leg.setExpectInbound(talks && !comes);
  }

  setMuted(callId: string, muted: boolean): void {
    this.#entries.get(callId)?.leg.setMuted(muted);
  }

  sendDigits(callId: string, digits: string): boolean {
    return this.#entries.get(callId)?.leg.sendDigits(digits) ?? false;
  }

  async applyAnswer(callId: string, sdp: string, generation: number): Promise<void> {
    await this.#entries.get(callId)?.leg.applyAnswer(sdp, generation);
  }

  renegotiate(callId: string, fresh: boolean): void {
    this.#entries.get(callId)?.leg.renegotiate(fresh);
  }

  recover(callId: string, why: string): void {
    this.#entries.get(callId)?.leg.recover(why);
  }

  /** The network changed under all of them. */
  recoverAll(why: string): void {
    for (const { leg } of this.#entries.values()) leg.recover(why);
  }

  /** Credentials for the relay came: for legs that are not up yet. */
  useNewServers(): void {
    for (const { leg } of this.#entries.values()) leg.useNewServers();
  }

  /**
   * The socket is back: broken legs try again at once, good ones are left alone. So are those that
   * offered nothing yet, or over this very connection: its answer is on the way.
   */
  nudgeBroken(): void {
    const connection = this.#deps.connection();
    for (const { leg, offeredOver } of this.#entries.values()) {
      const lost = offeredOver !== null && offeredOver !== connection;
      if (lost && leg.view.get().state !== "connected") leg.nudge();
    }
  }

  /** The call is over. After a failure the network's tone may still be playing. */
  ended(call: Call): void {
    const entry = this.#entries.get(call.id);
    if (!entry) return;
    this.#letMicrophoneGo(entry);
    const tone = call.direction === "out" && TONE_REASONS.has(call.reason ?? "");
    if (!tone || call.answered_at !== null) {
      this.close(call.id);
      return;
    }
    entry.cancelTone ??= this.#deps.leg.later(TONE_MS, () => this.close(call.id));
  }

  close(callId: string): void {
    const entry = this.#entries.get(callId);
    if (!entry) return;
    this.#entries.delete(callId);
    this.#before.delete(callId);
    entry.stop();
    entry.cancelTone?.();
    this.#letMicrophoneGo(entry);
    entry.audio.close();
    entry.leg.close();
    this.#remember();
    this.#publish();
  }

  /** Ends tones of calls that are over, for example because the next call begins. */
  closeFinished(live: ReadonlySet<string>): void {
    for (const id of [...this.#entries.keys()]) if (!live.has(id)) this.close(id);
  }

  closeAll(): void {
    this.#before.clear();
    for (const id of [...this.#entries.keys()]) this.close(id);
    this.#remember();
  }

  resumeAudio(): void {
    for (const { audio } of this.#entries.values()) void audio.resume();
  }

  /** For diagnostics: the live leg, or the only one there is. */
  async stats(callId?: string): Promise<unknown[]> {
    const entry = this.#pick(callId);
    const report = await entry?.leg.peer?.getStats();
    return report ? ([...report.values()] as unknown[]) : [];
  }

  level(callId?: string): Level | null {
    return this.#pick(callId)?.audio.level() ?? null;
  }

  #useTrack(entry: Entry, track: MediaStreamTrack): void {
    entry.track = track;
    entry.leg.attach(track);
    // A headset was pulled out: go on with whatever the system offers now.
    track.onended = () => {
      if (entry.track !== track) return;
      entry.track = null;
      entry.leg.attach(null);
      const id = [...this.#entries].find(([, one]) => one === entry)?.[0];
      if (id !== undefined) void this.openMicrophone(id).catch(() => undefined);
    };
  }

  #pick(callId?: string): Entry | undefined {
    return callId === undefined ? [...this.#entries.values()].at(-1) : this.#entries.get(callId);
  }

  #letMicrophoneGo(entry: Entry): void {
    const { track } = entry;
    entry.track = null;
    if (!track) return;
    track.onended = null;
    track.stop();
    if (!entry.leg.closed) entry.leg.attach(null);
  }

  #remember(): void {
    this.#deps.memory.save([...new Set([...this.carried(), ...this.#before])]);
  }

  #publish(): void {
    this.#views.set(
      Object.fromEntries([...this.#entries].map(([id, { leg }]) => [id, leg.view.get()])),
    );
  }
}
