import { localProblem, ProblemError } from "./api/problem.ts";
import { RestClient } from "./api/rest.ts";
import { Session } from "./api/session.ts";
import type { Call, ServerEventName, ServerEvents } from "./api/types.ts";
import { Turn } from "./api/turn.ts";
import type { Platform } from "./browser/platform.ts";
import { isElsewhere, Legs } from "./calls/legs.ts";
import { type Pending, PendingWishes } from "./calls/pending.ts";
import { PostDial } from "./calls/postDial.ts";
import {
  type CallsState,
  dismissEnded,
  dropNotice,
  emptyCalls,
  expireRings,
  reduceCalls,
  silence,
} from "./calls/state.ts";
import { Microphone } from "./media/microphone.ts";
import { Ringer } from "./media/ringer.ts";
import { cleanNumber } from "./numbers/clean.ts";
import { type Observable, Store } from "./observable.ts";
import { type LinkState, PhoneSocket } from "./realtime/socket.ts";

/** A command given while the connection comes up waits for it, this long. */
const WAIT_FOR_LINK_MS = 5_000;

/** With a broken leg: the socket must answer within this, and is looked at this often. */
const PROBE_MS = 500;
const REPAIR_EVERY_MS = 1_000;

/** How long a notice about a call is shown; the server does not take it back. */
const NOTICE_MS = 12_000;

/**
 * The phone: session, socket, calls and audio wired together. Interfaces read its observables and
 * call its verbs; every verb rejects with a ProblemError whose code has words in the catalogue.
 */
export class Phone {
  readonly rest: RestClient;
  readonly session: Session;
  readonly microphone: Microphone;
  readonly ringer: Ringer;
  readonly legs: Legs;
  readonly #platform: Platform;
  readonly #turn: Turn;
  readonly #socket: PhoneSocket;
  readonly #calls = new Store<CallsState>(emptyCalls);
  readonly #pending = new PendingWishes();
  readonly #postDial: PostDial;
  readonly #leader = new Store(false);
  /** Hang-ups that could not be sent: a call that the user ended must not come back. */
  readonly #owedHangUps = new Set<string>();
  readonly #disposers: (() => void)[] = [];
  #cancelLease: (() => void) | null = null;
  #cancelRepair: (() => void) | null = null;
  #serial = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.rest = new RestClient(platform.apiBase, platform.fetch);
    this.session = new Session({
      rest: this.rest,
      withLock: platform.withLock,
      now: platform.now,
      device: platform.device,
      rememberDevice: platform.rememberDevice,
    });
    this.#turn = new Turn(this.rest, this.session, platform.later);
    this.microphone = new Microphone(platform.microphone);
    this.ringer = new Ringer(platform.createAudioContext);
    this.#socket = new PhoneSocket({
      socket: platform.createSocket(async () => ({
        token: await this.session.token(),
        device: { ...platform.device(), id: this.#deviceId() },
      })),
      onEvent: (name, payload) => this.#onEvent(name, payload),
      onRefused: (code) => this.#onRefused(code),
      now: platform.now,
      later: platform.later,
    });
    this.legs = new Legs({
      leg: {
        createPeer: platform.createPeer,
        codecs: platform.codecs,
        iceServers: () => this.#turn.iceServers(),
        nextGeneration: () => this.#nextGeneration(),
        now: platform.now,
        later: platform.later,
      },
      microphone: this.microphone,
      sendOffer: async (call_id, offer) => {
        await this.#socket.command("media.offer", { call_id, ...offer, command_id: this.#id() });
      },
      createAudio: () => platform.createAudio(this.ringer.context),
      memory: platform.legMemory,
      announce: platform.tabs.announce,
    });
    this.#postDial = new PostDial(
      (callId, digits) => this.sendDigits(callId, digits),
      platform.later,
    );
    this.#wire();
  }

  get link(): Observable<LinkState> {
    return this.#socket.link;
  }

  get calls(): Observable<CallsState> {
    return this.#calls;
  }

  get pending(): Observable<Readonly<Record<string, Pending>>> {
    return this.#pending.all;
  }

  /** One tab of a browser rings and prepares audio; the others show and control. */
  get leader(): Observable<boolean> {
    return this.#leader;
  }

  /** Ready for commands: the session is looked up, the socket opens when there is one. */
  async start(): Promise<void> {
    void this.microphone.watch();
    await this.session.resume();
  }

  dispose(): void {
    for (const undo of this.#disposers) undo();
    this.#cancelLease?.();
    this.#cancelRepair?.();
    this.#disconnect();
  }

  async dial(text: string): Promise<Call> {
    const input = cleanNumber(text);
    if (!input) throw localProblem("not_a_number", "There is no number in this");
    const waiting = this.#beforeCall();
    const asked = waiting && (await waiting);
    const key = `dialling-${this.#id()}`;
    const command = this.#insist("dial", { to: input.number });
    this.legs.closeFinished(this.#liveIds());
    const id = command.then((call) => {
      if (!call) throw localProblem("no_reply", "The server named no call");
      return call.id;
    });
    id.catch(() => undefined);
    this.legs.open(key, id);
    try {
      const call = await command;
      if (!call) throw localProblem("no_reply", "The server named no call");
      this.legs.rename(key, call.id);
      this.#postDial.add(call.id, input.postDial);
      this.#apply("call.created", { call });
      this.#openMicrophone(call.id, asked);
      return call;
    } catch (error) {
      asked?.stop();
      this.legs.close(key);
      throw error;
    }
  }

  async answer(callId: string): Promise<void> {
    await this.#whilePending(callId, "answering", async () => {
      this.#updateRing();
      const waiting = this.#beforeCall();
      const asked = waiting && (await waiting);
      this.legs.open(callId);
      try {
        await this.#insist("answer", { call_id: callId });
      } catch (error) {
        asked?.stop();
        this.legs.close(callId);
        throw error;
      }
      this.#openMicrophone(callId, asked);
    });
  }

  async decline(callId: string): Promise<void> {
    await this.#whilePending(callId, "declining", async () => {
      this.#updateRing();
      await this.#command("decline", callId);
    });
  }

  /** Stops the ring here and nowhere else. */
  async silence(callId: string): Promise<void> {
    this.#calls.update((state) => silence(state, callId));
    await this.#command("silence", callId);
  }

  async hangUp(callId: string): Promise<void> {
    this.legs.setMuted(callId, true);
    await this.#whilePending(callId, "ending", async () => {
      try {
        await this.#command("hang_up", callId);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.problem.status !== 0) throw error;
        this.#owedHangUps.add(callId);
        this.legs.close(callId);
      }
    });
  }

  async setMuted(callId: string, muted: boolean): Promise<void> {
    this.#showMuted(callId, muted);
    try {
      await this.#command(muted ? "mute" : "unmute", callId);
    } catch (error) {
      // What is shown and what is heard must agree, also when the server did not hear of it.
      this.#showMuted(callId, !muted);
      throw error;
    }
  }

  async hold(callId: string): Promise<void> {
    await this.#command("hold", callId);
  }

  async retrieve(callId: string): Promise<void> {
    await this.#command("retrieve", callId);
  }

  /** In the media where the browser can; otherwise the gateway's worker sends them. */
  async sendDigits(callId: string, digits: string): Promise<void> {
    if (this.legs.sendDigits(callId, digits)) return;
    await this.#socket.command("dtmf", { call_id: callId, digits, command_id: this.#id() });
  }

  /** The user wants the audio of a running call here, wherever it is now. */
  async attach(callId: string): Promise<void> {
    await this.#attach(callId, true);
  }

  dismiss(callId: string): void {
    this.legs.close(callId);
    this.#calls.update((state) => dismissEnded(state, callId));
  }

  async signOut(): Promise<void> {
    this.#disconnect();
    await this.session.signOut();
  }

  /** A click anywhere lets sound start. */
  async userGesture(): Promise<void> {
    await this.ringer.arm();
    this.legs.resumeAudio();
  }

  #wire(): void {
    const { events, tabs } = this.#platform;
    this.#disposers.push(
      this.session.state.subscribe(() => this.#followSession()),
      this.#socket.link.subscribe(() => this.#followLink()),
      this.#calls.subscribe(() => this.#followCalls()),
      this.legs.views.subscribe(() => this.#repairSocket()),
      events.onNetworkChange(() => {
        this.#socket.replace();
        this.legs.recoverAll("network_change");
      }),
      events.onWake(() => this.#socket.replace()),
      tabs.onLeader(() => {
        this.#leader.set(true);
        this.#updateRing();
      }),
      // Another tab took the audio of this call.
      tabs.onAnnounced((callId) => this.legs.close(callId)),
    );
  }

  #followSession(): void {
    if (this.session.state.get().kind === "signed_in") {
      if (this.link.get() === "closed") {
        this.#turn.start();
        this.#socket.open();
      }
    } else this.#disconnect();
  }

  #disconnect(): void {
    this.#turn.stop();
    this.#socket.close();
    this.legs.closeAll();
    this.#postDial.clear();
    this.#calls.set(emptyCalls);
    this.#updateRing();
  }

  #followLink(): void {
    if (this.link.get() !== "online") return;
    this.legs.nudgeBroken();
    for (const id of this.#owedHangUps) {
      this.#owedHangUps.delete(id);
      if (this.#liveIds().has(id)) void this.hangUp(id).catch(() => undefined);
    }
    this.#reattach();
  }

  /** While a leg is broken its offers need a socket that works: look every second. */
  #repairSocket(first = true): void {
    const legs = Object.values(this.legs.views.get());
    const broken = legs.filter((leg) => leg.state === "recovering");
    if (broken.length === 0 || this.#cancelRepair) return;
    // Firefox says so 20 ms after its address went: then no answer can come, so do not wait.
    const pathGone = broken.some((leg) => leg.trouble === "ice_disconnected");
    if (first && pathGone) this.#socket.replace();
    else this.#socket.probe(PROBE_MS);
    this.#cancelRepair = this.#platform.later(REPAIR_EVERY_MS, () => {
      this.#cancelRepair = null;
      this.#repairSocket(false);
    });
  }

  /** After a reload: the calls that this tab carried get their audio back without a click. */
  #reattach(): void {
    const mine = new Set(this.legs.remembered());
    for (const call of this.#calls.get().calls) {
      if (call.phase === "ringing_in" || !mine.has(call.id) || this.legs.has(call.id)) continue;
      // Nobody asked: what meanwhile went on elsewhere stays there.
      if (isElsewhere(call, this.#deviceId())) continue;
      void this.#attach(call.id, false).catch(() => undefined);
    }
  }

  async #attach(callId: string, take: boolean): Promise<void> {
    this.legs.open(callId, callId, take);
    await this.legs.openMicrophone(callId);
  }

  #followCalls(): void {
    const { calls, ended } = this.#calls.get();
    for (const call of calls) {
      this.legs.follow(call, this.#deviceId());
      this.#postDial.follow(call);
    }
    for (const { call } of ended) {
      this.legs.ended(call);
      this.#postDial.follow(call);
    }
    this.#updateRing();
  }

  #onEvent<N extends ServerEventName>(name: N, payload: ServerEvents[N]): void {
    switch (name) {
      case "media.answer": {
        const { call_id, sdp, generation } = payload as ServerEvents["media.answer"];
        void this.legs.applyAnswer(call_id, sdp, generation);
        return;
      }
      case "media.renegotiate": {
        const { call_id, fresh } = payload as ServerEvents["media.renegotiate"];
        this.legs.renegotiate(call_id, fresh);
        return;
      }
      case "media.restart":
        this.legs.recover((payload as ServerEvents["media.restart"]).call_id, "gateway");
        return;
      case "session.ended":
        this.#disconnect();
        this.session.ended();
        return;
      default:
        this.#apply(name, payload);
    }
    if (name === "ring.offer") this.#preArm((payload as ServerEvents["ring.offer"]).call.id);
    if (name === "ring.stop") this.#dropPreArmed(payload as ServerEvents["ring.stop"]);
    if (name === "snapshot") this.#rememberDevice();
    if (name === "notice") this.#forgetNotice((payload as ServerEvents["notice"]).call_id);
  }

  #apply<N extends ServerEventName>(name: N, payload: ServerEvents[N]): void {
    this.#calls.update((state) => reduceCalls(state, name, payload, this.#platform.now()));
  }

  /** Unless the server said something newer meanwhile. */
  #forgetNotice(callId: string | undefined): void {
    if (callId === undefined) return;
    const shown = this.#calls.get().notices[callId];
    this.#platform.later(NOTICE_MS, () => {
      if (this.#calls.get().notices[callId] !== shown) return;
      this.#calls.update((state) => dropNotice(state, callId));
    });
  }

  /** ICE and DTLS while it rings, without a track: the answer then only opens the microphone. */
  #preArm(callId: string): void {
    if (this.#leader.get() && !this.legs.has(callId)) this.legs.open(callId);
  }

  /** The ring ended here; a leg without a microphone was only prepared for it. */
  #dropPreArmed(stop: ServerEvents["ring.stop"]): void {
    if (this.#pending.of(stop.call_id) === "answering" || stop.reason === "answered") return;
    const call = this.#calls.get().calls.find((c) => c.id === stop.call_id);
    if (call?.phase === "connected" && call.device_id === this.#deviceId()) return;
    if (!this.legs.views.get()[stop.call_id]?.sending) this.legs.close(stop.call_id);
  }

  /** Only a 401 is about the token; too many sockets or a busy gateway need patience instead. */
  async #onRefused(status: number | undefined): Promise<boolean> {
    if (status !== undefined && status !== 401) return true;
    try {
      return (await this.session.renew()) !== null;
    } catch {
      // No answer says nothing about the session: it is asked for again with the next CONNECT.
      return true;
    }
  }

  /**
   * What a call has to wait for. Null = nothing: its command then leaves within the user's own
   * click; after an `await` the page would draw first, which takes longer than the way to the
   * server. Without the permission the user decides first: nobody's phone should ring for a call
   * that cannot be spoken in.
   */
  #beforeCall(): Promise<MediaStreamTrack | null> | null {
    const granted = this.microphone.state.get() === "granted";
    if (granted && this.link.get() === "online") return null;
    return this.#microphoneAndLink(granted);
  }

  async #microphoneAndLink(granted: boolean): Promise<MediaStreamTrack | null> {
    const track = granted ? null : await this.microphone.acquire();
    try {
      await this.#socket.online(WAIT_FOR_LINK_MS);
    } catch (error) {
      track?.stop();
      throw error;
    }
    return track;
  }

  #openMicrophone(callId: string, track: MediaStreamTrack | null): void {
    if (track) this.legs.giveTrack(callId, track);
    else void this.legs.openMicrophone(callId).catch(() => undefined);
  }

  #insist(verb: string, body: Record<string, unknown>): Promise<Call | null> {
    return this.#socket.insist(verb, { ...body, command_id: this.#id() }, WAIT_FOR_LINK_MS);
  }

  async #command(verb: string, callId: string): Promise<void> {
    await this.#socket.command(verb, { call_id: callId, command_id: this.#id() });
  }

  async #whilePending(callId: string, what: Pending, work: () => Promise<void>): Promise<void> {
    await this.#pending.during(callId, what, work).finally(() => this.#updateRing());
  }

  #showMuted(callId: string, muted: boolean): void {
    this.#calls.update((state) => ({
      ...state,
      calls: state.calls.map((call) => (call.id === callId ? { ...call, muted } : call)),
    }));
  }

  #updateRing(): void {
    const state = this.#calls.get();
    const rings = Object.values(state.rings).filter((ring) => !this.#pending.of(ring.call_id));
    const talking = state.calls.some((call) => call.phase !== "ringing_in");
    this.#cancelLease?.();
    this.#cancelLease = null;
    if (rings.length === 0 || !this.#leader.get()) {
      this.ringer.set("none");
      return;
    }
    this.ringer.set(talking ? "second_call" : "ring");
    const next = Math.min(...rings.map((ring) => ring.until));
    this.#cancelLease = this.#platform.later(Math.max(0, next - this.#platform.now()), () =>
      this.#calls.update((s) => expireRings(s, this.#platform.now())),
    );
  }

  #rememberDevice(): void {
    const { deviceId } = this.#calls.get();
    if (deviceId !== null) this.#platform.rememberDevice(deviceId);
  }

  #deviceId(): string | undefined {
    return this.#calls.get().deviceId ?? this.#platform.device().id;
  }

  #liveIds(): Set<string> {
    return new Set(this.#calls.get().calls.map((call) => call.id));
  }

  #id(): string {
    return this.#platform.uuid();
  }

  /** Of the clock, so that it grows over reloads and tabs as well. */
  #nextGeneration(): number {
    this.#serial = Math.max(this.#serial + 1, this.#platform.now());
    return this.#serial;
  }
}
