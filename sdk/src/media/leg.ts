import { type Observable, Store } from "../observable.ts";
import { preferredCodecs } from "./codecs.ts";
import { type Quality, QualityEstimator } from "./quality.ts";
import { readStats } from "./stats.ts";
import { InboundWatch } from "./watchdog.ts";

export type LegState = "connecting" | "connected" | "recovering" | "closed";

export interface LegView {
  state: LegState;
  /** Our clock, when this state began. */
  since: number;
  quality: Quality;
  /** The path works, yet no audio arrives. */
  farSilent: boolean;
  /** A microphone track is attached. */
  sending: boolean;
  /** What started the last repair, for diagnostics. */
  trouble: string | null;
}

export interface Offer {
  sdp: string;
  generation: number;
}

export interface LegDeps {
  createPeer: (config: RTCConfiguration) => RTCPeerConnection;
  codecs: () => RTCRtpCodec[];
  iceServers: () => RTCIceServer[];
  /** Grows with every connection, also over reloads. */
  nextGeneration: () => number;
  /** Rejects when the offer was not accepted; `final` errors close the leg. */
  sendOffer: (offer: Offer) => Promise<void>;
  isFinal: (error: unknown) => boolean;
  play: (stream: MediaStream) => void;
  now: () => number;
  later: (ms: number, work: () => void) => () => void;
}

/** Short, because a dead path is found by looking: browsers tell of it 5 to 17 s late. */
const POLL_MS = 350;
const QUALITY_EVERY_MS = 1_000;
/** Chromium looks for new interfaces every 2 s or so: the first restarts may come too early. */
const RETRY_MS = 1_000;
/** A restart keeps DTLS and SRTP as they are, so it is tried for long before all is made anew. */
const RESTARTS_BEFORE_REBUILD = 6;
const REBUILD_EVERY_MS = 4_000;

/**
 * One call's audio between this device and the gateway. The device is always the offerer; the
 * gateway is ICE-lite and passive. The leg repairs itself: ICE restart first, a new connection if
 * that does not help. It never ends a call.
 */
export class MediaLeg {
  readonly #deps: LegDeps;
  readonly #view: Store<LegView>;
  readonly #watch = new InboundWatch();
  readonly #estimator = new QualityEstimator();
  #pc: RTCPeerConnection | null = null;
  #generation = 0;
  #track: MediaStreamTrack | null = null;
  #muted = false;
  /** While on hold nothing has to arrive. */
  #expectInbound = false;
  #awaitingAnswer = false;
  #offerAgain = false;
  #recoveryStart: number | null = null;
  #restarts = 0;
  #reportedUp = false;
  #ratedAt = Number.NEGATIVE_INFINITY;
  readonly #timers = new Map<"poll" | "recovery", () => void>();

  constructor(deps: LegDeps) {
    this.#deps = deps;
    this.#view = new Store<LegView>({
      state: "connecting",
      since: deps.now(),
      quality: "no_data",
      farSilent: false,
      sending: false,
      trouble: null,
    });
  }

  get view(): Observable<LegView> {
    return this.#view;
  }

  get peer(): RTCPeerConnection | null {
    return this.#pc;
  }

  get closed(): boolean {
    return this.#view.get().state === "closed";
  }

  /** First connection. Safe while the call still rings: without a track nothing is sent. */
  start(): void {
    this.#connect();
    this.#poll();
  }

  /** The microphone is open: same transceiver, no renegotiation. */
  attach(track: MediaStreamTrack | null): void {
    this.#track = track;
    if (track) track.enabled = !this.#muted;
    void this.#sender()?.replaceTrack(track);
    this.#patch({ sending: track !== null });
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    if (this.#track) this.#track.enabled = !muted;
  }

  setExpectInbound(expected: boolean): void {
    this.#expectInbound = expected;
  }

  async applyAnswer(sdp: string, generation: number): Promise<void> {
    const pc = this.#pc;
    // An answer to an offer of an earlier connection has no meaning any more.
    if (!pc || generation !== this.#generation || pc.signalingState !== "have-local-offer") return;
    try {
      await pc.setRemoteDescription({ type: "answer", sdp });
    } catch {
      if (pc === this.#pc) this.recover("answer_refused");
      return;
    }
    if (pc !== this.#pc) return;
    this.#awaitingAnswer = false;
    if (this.#offerAgain) void this.#negotiate(pc);
  }

  /** The gateway wants another offer: on this connection (a codec changed) or on a new one. */
  renegotiate(fresh: boolean): void {
    if (this.closed) return;
    if (fresh || !this.#pc) this.#connect();
    else void this.#negotiate(this.#pc);
  }

  /**
   * The relay's credentials came after the connection was begun: behind a network that lets nothing
   * else through it cannot come up without them. A path that works needs nothing.
   */
  useNewServers(): void {
    const pc = this.#pc;
    if (!pc || this.closed || this.#reportedUp) return;
    if (this.#restartWithServers(pc)) void this.#negotiate(pc);
  }

  /** Digits go through telephone-event; false where the browser cannot. */
  sendDigits(digits: string): boolean {
    const dtmf = this.#sender()?.dtmf;
    if (!dtmf?.canInsertDTMF) return false;
    // insertDTMF replaces what is still waiting, so the rest goes in front again.
    dtmf.insertDTMF(dtmf.toneBuffer + digits, 100, 70);
    return true;
  }

  /** Something may have cut the path. Harmless when nothing did: a restart leaves no gap. */
  recover(why: string): void {
    if (this.closed || this.#recoveryStart !== null) return;
    this.#patch({ trouble: why });
    this.#recoveryStart = this.#deps.now();
    this.#restarts = 0;
    this.#attemptRecovery();
  }

  /** The way to the server is back: do not wait for the next turn of a running recovery. */
  nudge(): void {
    if (this.closed) return;
    // What was sent over the lost connection, and its answer, will not come any more.
    this.#awaitingAnswer = false;
    if (this.#recoveryStart === null) this.recover("nudge");
    else this.#attemptRecovery();
  }

  close(): void {
    if (this.closed) return;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#dropPeer();
    this.#setState("closed");
  }

  #connect(): void {
    this.#dropPeer();
    this.#watch.reset();
    this.#estimator.reset();
    const pc = this.#deps.createPeer(this.#config());
    this.#pc = pc;
    this.#generation = this.#deps.nextGeneration();
    this.#awaitingAnswer = false;
    this.#offerAgain = false;
    const transceiver = pc.addTransceiver("audio", { direction: "sendrecv" });
    const codecs = preferredCodecs(this.#deps.codecs());
    // Firefox has it from 128 on; without it the gateway picks from all that is offered.
    const able: Partial<RTCRtpTransceiver> = transceiver;
    if (codecs.length > 0) able.setCodecPreferences?.(codecs);
    if (this.#track) void transceiver.sender.replaceTrack(this.#track);
    pc.ontrack = (event) => this.#deps.play(new MediaStream([event.track]));
    pc.oniceconnectionstatechange = () => this.#onIceState(pc);
    pc.onconnectionstatechange = () => this.#onConnectionState(pc);
    // Covers an answer that never comes as well as a handshake that never ends.
    this.#timer("recovery", REBUILD_EVERY_MS, () => this.recover("slow"));
    void this.#negotiate(pc);
  }

  #config(): RTCConfiguration {
    return {
      iceServers: this.#deps.iceServers(),
      bundlePolicy: "max-bundle",
      rtcpMuxPolicy: "require",
    };
  }

  #dropPeer(): void {
    const pc = this.#pc;
    this.#pc = null;
    if (!pc) return;
    pc.ontrack = null;
    pc.oniceconnectionstatechange = null;
    pc.onconnectionstatechange = null;
    pc.close();
  }

  /** One offer at a time. The offer leaves at once: ICE-lite needs none of our candidates. */
  async #negotiate(pc: RTCPeerConnection): Promise<void> {
    if (this.#awaitingAnswer) {
      this.#offerAgain = true;
      return;
    }
    this.#awaitingAnswer = true;
    this.#offerAgain = false;
    const generation = this.#generation;
    try {
      const offer = await pc.createOffer();
      await pc.setLocalDescription(offer);
      if (pc !== this.#pc) return;
      await this.#deps.sendOffer({ sdp: pc.localDescription?.sdp ?? offer.sdp ?? "", generation });
    } catch (error) {
      if (pc !== this.#pc) return;
      this.#awaitingAnswer = false;
      if (this.#deps.isFinal(error)) this.close();
      else this.recover("offer_failed");
    }
  }

  #onIceState(pc: RTCPeerConnection): void {
    if (pc !== this.#pc) return;
    const state = pc.iceConnectionState;
    // Firefox tells within 20 ms; a restart at once costs nothing if it was a false alarm.
    if (state === "disconnected" || state === "failed") this.recover(`ice_${state}`);
    else if (state === "connected" || state === "completed") this.#iceUp();
  }

  #onConnectionState(pc: RTCPeerConnection): void {
    if (pc !== this.#pc) return;
    if (pc.connectionState === "failed" || pc.connectionState === "closed") {
      this.recover(`connection_${pc.connectionState}`);
    }
    if (pc.connectionState === "connected") this.#up();
  }

  #iceUp(): void {
    if (this.#pc?.connectionState === "connected") this.#up();
  }

  #up(): void {
    this.#reportedUp = true;
    this.#endRecovery();
    this.#setState("connected");
  }

  #attemptRecovery(): void {
    const pc = this.#pc;
    if (this.#reportedUp && !this.closed) this.#setState("recovering");
    // Also after it: who looks at the state may have learnt that the call is over.
    if (this.closed) return;
    const dead = !pc || pc.connectionState === "closed";
    const neverUp = !this.#reportedUp && (this.#awaitingAnswer || pc?.connectionState === "failed");
    const rebuild = dead || neverUp || this.#restarts >= RESTARTS_BEFORE_REBUILD;
    if (rebuild) {
      this.#restarts = 0;
      this.#connect();
    } else {
      this.#restarts += 1;
      // An offer without an answer for a whole turn is lost; the next one takes its place.
      this.#awaitingAnswer = false;
      // The relay's credentials may have run out since the connection was made.
      this.#restartWithServers(pc);
      void this.#negotiate(pc);
    }
    this.#timer("recovery", rebuild ? REBUILD_EVERY_MS : RETRY_MS, () => {
      if (this.#recoveryStart !== null) this.#attemptRecovery();
    });
  }

  /** False where the servers of a connection cannot be changed: Firefox can from 119 on. */
  #restartWithServers(pc: RTCPeerConnection): boolean {
    const able: Partial<RTCPeerConnection> = pc;
    able.setConfiguration?.({ ...pc.getConfiguration(), iceServers: this.#deps.iceServers() });
    pc.restartIce();
    return able.setConfiguration !== undefined;
  }

  #endRecovery(): void {
    this.#recoveryStart = null;
    this.#timers.get("recovery")?.();
    this.#timers.delete("recovery");
  }

  #poll(): void {
    this.#timer("poll", POLL_MS, () => {
      void this.#measure().finally(() => {
        if (!this.closed) this.#poll();
      });
    });
  }

  async #measure(): Promise<void> {
    const pc = this.#pc;
    if (!pc) return;
    const report = await pc.getStats().catch(() => null);
    if (report === null || pc !== this.#pc) return;
    const sample = readStats([...report.values()] as unknown[], this.#deps.now());
    const inbound = this.#watch.feed(sample);
    const silent = inbound === "silent" && this.#expectInbound;
    const { state } = this.#view.get();
    if (state === "recovering" && this.#recoveryStart !== null) this.#judgeRecovery();
    else if (state === "connected" && silent && !this.#view.get().farSilent) {
      this.recover("silent");
    }
    if (!silent && this.#view.get().farSilent) this.#patch({ farSilent: false });
    if (sample.at - this.#ratedAt >= QUALITY_EVERY_MS) {
      this.#ratedAt = sample.at;
      this.#patch({ quality: this.#estimator.feed(sample) });
    }
  }

  /** A restart over a path that never died fires no state event: look at what arrived since. */
  #judgeRecovery(): void {
    const start = this.#recoveryStart ?? 0;
    if (this.#watch.packetSince(start)) {
      this.#up();
    } else if (this.#pc?.connectionState === "connected" && this.#watch.pathAliveSince(start)) {
      this.#up();
      this.#patch({ farSilent: true });
    }
  }

  #sender(): RTCRtpSender | undefined {
    return this.#pc?.getTransceivers()[0]?.sender;
  }

  #setState(state: LegState): void {
    const view = this.#view.get();
    if (view.state !== state) this.#view.set({ ...view, state, since: this.#deps.now() });
  }

  #patch(change: Partial<LegView>): void {
    const view = this.#view.get();
    const same = Object.entries(change).every(([k, v]) => view[k as keyof LegView] === v);
    if (!same) this.#view.set({ ...view, ...change });
  }

  #timer(name: "poll" | "recovery", ms: number, work: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#deps.later(ms, work));
  }
}
