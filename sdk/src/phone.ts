import { isLocal } from "./api/problem.ts";
import { RestClient } from "./api/rest.ts";
import { Session } from "./api/session.ts";
import type { Call, ServerEventName, ServerEvents } from "./api/types.ts";
import { Turn } from "./api/turn.ts";
import type { Platform } from "./browser/platform.ts";
import { AutoAnswer } from "./calls/autoAnswer.ts";
import { CallBegin } from "./calls/begin.ts";
import { CallCommands, type Fetch, isOver, type OtherPhone } from "./calls/commands.ts";
import { CallControl } from "./calls/control.ts";
import { Legs } from "./calls/legs.ts";
import { type Pending, PendingWishes } from "./calls/pending.ts";
import { onMediaEvent } from "./calls/mediaEvents.ts";
import { Moving } from "./calls/moving.ts";
import { Notices } from "./calls/notices.ts";
import { PostDial } from "./calls/postDial.ts";
import { PreArm } from "./calls/preArm.ts";
import { Resume } from "./calls/resume.ts";
import { Ringing } from "./calls/ringing.ts";
import {
  type CallsState,
  dismissEnded,
  emptyCalls,
  endHere,
  reduceCalls,
  showMuted,
  silence,
} from "./calls/state.ts";
import { TakeOver } from "./calls/takeOver.ts";
import { AudioDevices } from "./media/devices.ts";
import { Microphone } from "./media/microphone.ts";
import { Ringer } from "./media/ringer.ts";
import { SelfTest } from "./media/selfTest.ts";
import { type Observable, Store } from "./observable.ts";
import { Presence } from "./presence/presence.ts";
import { SocketRepair } from "./realtime/repair.ts";
import { worthAnother } from "./realtime/refused.ts";
import { type LinkState, PhoneSocket } from "./realtime/socket.ts";
import { followChoices } from "./settings/followChoices.ts";
import { UserSettings } from "./settings/settings.ts";

/**
 * The phone: session, socket, calls and audio wired together. Interfaces read its observables and
 * call its verbs; every verb rejects with a ProblemError whose code has words in the catalogue.
 */
export class Phone {
  readonly rest: RestClient;
  readonly session: Session;
  readonly audio: AudioDevices;
  readonly settings: UserSettings;
  readonly microphone: Microphone;
  readonly selfTest: SelfTest;
  readonly ringer: Ringer;
  readonly legs: Legs;
  readonly control: CallControl;
  readonly moving: Moving;
  readonly presence: Presence;
  readonly autoAnswer: AutoAnswer;
  readonly #platform: Platform;
  readonly #turn: Turn;
  readonly #socket: PhoneSocket;
  readonly #repair: SocketRepair;
  readonly #commands: CallCommands;
  readonly #begin: CallBegin;
  readonly #calls = new Store<CallsState>(emptyCalls);
  readonly #pending = new PendingWishes();
  readonly #postDial: PostDial;
  readonly #preArm: PreArm;
  readonly #resume: Resume;
  readonly #takeOver: TakeOver;
  readonly #ringing: Ringing;
  readonly #notices: Notices;
  readonly #leader = new Store(false);
  /** Hang-ups that could not be sent: a call that the user ended must not come back. */
  readonly #owedHangUps = new Set<string>();
  readonly #disposers: (() => void)[] = [];
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
      arrived: platform.arrived,
    });
    this.#turn = new Turn({
      rest: this.rest,
      session: this.session,
      now: platform.now,
      later: platform.later,
      onFresh: () => this.legs.useNewServers(),
      memory: platform.turnMemory,
    });
    this.settings = new UserSettings({ rest: this.rest, session: this.session });
    this.audio = new AudioDevices(platform.audioDevices);
    this.microphone = new Microphone(platform.microphone, () => this.audio.used.get().microphone);
    this.ringer = new Ringer(platform.createAudioContext);
    this.selfTest = new SelfTest({
      microphone: this.microphone,
      context: this.ringer.context,
      createAudio: () => platform.createAudio(this.ringer.context),
      output: () => this.audio.used.get().output,
      later: platform.later,
    });
    this.#ringing = new Ringing({
      ringer: this.ringer,
      calls: this.#calls,
      pending: this.#pending,
      leads: () => this.#leader.get(),
      now: platform.now,
      later: platform.later,
    });
    this.#socket = new PhoneSocket({
      socket: platform.createSocket(async () => ({
        token: await this.session.token(),
        device: { ...platform.device(), id: this.#deviceId() },
      })),
      onEvent: (name, payload) => this.#onEvent(name, payload),
      onRefused: (status) => worthAnother(this.session, status),
      now: platform.now,
      later: platform.later,
    });
    this.#commands = new CallCommands(this.#socket, platform.uuid, (callId) =>
      this.#calls.update((state) => endHere(state, callId, platform.now())),
    );
    this.control = new CallControl(this.#commands);
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
      sendOffer: (callId, offer) =>
        this.#takeOver.offered(callId, this.#commands.send("media.offer", callId, offer)),
      connection: this.#socket.connections.get,
      createAudio: () => platform.createAudio(this.ringer.context),
      memory: platform.legMemory,
      announce: platform.tabs.announce,
    });
    this.#postDial = new PostDial(
      (callId, digits) => this.sendDigits(callId, digits),
      platform.later,
    );
    this.autoAnswer = new AutoAnswer({
      now: platform.now,
      later: platform.later,
      mayAnswer: (callId) => this.#mayAnswerByItself(callId),
      answer: (callId) => this.answer(callId),
    });
    this.#preArm = new PreArm({
      legs: this.legs,
      autoAnswer: this.autoAnswer,
      calls: this.#calls,
      pending: this.#pending,
      leads: () => this.#leader.get(),
      deviceId: () => this.#deviceId(),
    });
    this.#begin = new CallBegin({
      socket: this.#socket,
      commands: this.#commands,
      legs: this.legs,
      microphone: this.microphone,
      postDial: this.#postDial,
      liveIds: () => this.#liveIds(),
      onPlaced: (call) => this.#apply("call.created", { call }),
      onFound: () => this.#followCalls(),
      uuid: platform.uuid,
    });
    this.moving = new Moving({
      begin: this.#begin,
      commands: this.#commands,
      legs: this.legs,
      tabs: platform.tabs,
      leads: () => this.#leader.get(),
      callOf: (callId) => this.#callOf(callId),
      deviceId: () => this.#deviceId(),
      later: platform.later,
    });
    this.#resume = new Resume({
      session: this.session,
      socket: this.#socket,
      turn: this.#turn,
      legs: this.legs,
      microphone: this.microphone,
      audio: this.audio,
      tabs: platform.tabs,
      leads: this.#leader,
      putBack: (callId) => this.#takeOver.putBack(callId),
    });
    this.#takeOver = new TakeOver({
      tabs: platform.tabs,
      legs: this.legs,
      calls: () => this.#calls.get().calls,
      deviceId: () => this.#deviceId(),
      attach: (callId) => this.#attach(callId, false),
    });
    this.#notices = new Notices(this.#calls, this.moving, platform.later);
    this.presence = new Presence({
      rest: this.rest,
      session: this.session,
      ask: (verb, body) => this.#socket.ask(verb, body),
      later: platform.later,
    });
    this.#repair = new SocketRepair(
      this.#socket,
      () => Object.values(this.legs.views.get()),
      platform,
    );
    this.#wire();
  }

  get link(): Observable<LinkState> {
    return this.#socket.link;
  }

  /** Why the server lets the phone wait; null once it is online. */
  get refused(): Observable<string | null> {
    return this.#socket.refused;
  }

  connectNow(): void {
    this.#socket.replace();
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
    this.#resume.begin();
    await this.session.resume();
  }

  dispose(): void {
    for (const undo of this.#disposers) undo();
    this.#ringing.stop();
    this.#repair.stop();
    this.#disconnect();
  }

  async dial(text: string, hideNumber = false): Promise<Call> {
    return this.#begin.dial(text, hideNumber ? { hide_number: true } : {});
  }

  /** Another phone of the user's dials; the call comes as an event. Nothing is heard here. */
  async dialElsewhere(text: string, from: OtherPhone): Promise<void> {
    await this.#begin.dialElsewhere(text, from);
  }

  async fetch(wish: Fetch): Promise<Call> {
    return this.#begin.fetch(wish);
  }

  /** Asks somebody about a call, which waits meanwhile. */
  async consult(callId: string, text: string): Promise<void> {
    const about = this.#callOf(callId);
    if (about?.on === "desk_phone") await this.#begin.consultAtTheDesk(callId, text);
    else await this.#begin.consult(callId, text);
  }

  async answer(callId: string): Promise<void> {
    await this.#whilePending(callId, "answering", async () => {
      this.#ringing.update();
      const atTheDesk = this.#callOf(callId)?.on === "desk_phone";
      await (atTheDesk ? this.#commands.insist("answer", callId) : this.#begin.answer(callId));
    });
  }

  async decline(callId: string): Promise<void> {
    await this.#whilePending(callId, "declining", async () => {
      this.#ringing.update();
      await this.#commands.send("decline", callId);
    });
  }

  /** Stops the ring here and nowhere else. */
  async silence(callId: string): Promise<void> {
    this.#calls.update((state) => silence(state, callId));
    await this.#commands.send("silence", callId);
  }

  async hangUp(callId: string): Promise<void> {
    this.legs.setMuted(callId, true);
    await this.#whilePending(callId, "ending", () => this.#end(callId));
    // Only now: with the connection's return the hang-up that is owed is sent.
    if (this.#owedHangUps.has(callId)) this.#socket.unanswered();
  }

  async setMuted(callId: string, muted: boolean): Promise<void> {
    this.#showMuted(callId, muted);
    try {
      await this.#commands.send(muted ? "mute" : "unmute", callId);
    } catch (error) {
      // What is shown and what is heard must agree, also when the server did not hear of it.
      this.#showMuted(callId, !muted);
      throw error;
    }
  }

  /** In the media where the browser can; otherwise the gateway's worker sends them. */
  async sendDigits(callId: string, digits: string): Promise<void> {
    if (this.legs.sendDigits(callId, digits)) return;
    await this.#commands.send("dtmf", callId, { digits });
  }

  /** The user wants a running call in this tab, wherever it is now. */
  async bringHere(callId: string): Promise<void> {
    const call = this.#callOf(callId);
    const ours = call?.device_id === this.#deviceId();
    if (call?.actions.includes("pull") && !ours) await this.moving.pull(callId);
    else await this.#attach(callId, true);
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
    followChoices(this);
    this.#disposers.push(
      this.audio.watch(),
      this.session.state.subscribe(() => this.#followSession()),
      this.#socket.link.subscribe(() => this.#followLink()),
      this.#calls.subscribe(() => this.#followCalls()),
      this.legs.views.subscribe(() => this.#repair.look()),
      events.onNetworkChange(() => {
        this.#repair.replace();
        this.legs.recoverAll("network_change");
      }),
      events.onWake(() => {
        this.#turn.refresh();
        this.#socket.replace();
      }),
      events.onLeave(() => this.#resume.leave()),
      tabs.onLeader(() => {
        this.#leader.set(true);
        this.#ringing.update();
        this.#takeOver.lead();
      }),
      tabs.onAsked((callId) => this.legs.has(callId) || this.moving.awaits(callId)),
      // Another tab took the audio of this call.
      tabs.onAnnounced((callId) => this.legs.close(callId)),
    );
  }

  #followSession(): void {
    if (this.session.state.get().kind === "signed_in") {
      this.#turn.start();
      if (this.link.get() === "closed") this.#socket.open();
    } else this.#disconnect();
  }

  #disconnect(): void {
    this.#turn.stop();
    this.#socket.close();
    this.legs.closeAll();
    this.moving.clear();
    this.#postDial.clear();
    this.autoAnswer.clear();
    this.presence.clear();
    this.settings.clear();
    this.#calls.set(emptyCalls);
    this.#ringing.update();
  }

  #followLink(): void {
    if (this.link.get() !== "online") return;
    this.#turn.refresh();
    this.legs.nudgeBroken();
    for (const id of this.#owedHangUps) {
      this.#owedHangUps.delete(id);
      if (this.#liveIds().has(id)) void this.hangUp(id).catch(() => undefined);
    }
    this.#takeOver.again(this.#leader.get());
  }

  async #attach(callId: string, take: boolean): Promise<void> {
    this.legs.open(callId, callId, take ? "take" : null);
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
      this.moving.failed(call.id);
      this.#postDial.follow(call);
    }
    this.#ringing.update();
  }

  #onEvent<N extends ServerEventName>(name: N, payload: ServerEvents[N]): void {
    if (onMediaEvent(name, payload, this.legs, this.moving)) return;
    switch (name) {
      case "session.ended":
        this.#disconnect();
        this.session.ended();
        return;
      default:
        this.#apply(name, payload);
        this.presence.onEvent(name, payload);
        this.settings.onEvent(name, payload);
    }
    if (name === "ring.offer") this.#preArm.offered(payload as ServerEvents["ring.offer"]);
    if (name === "ring.stop") this.#preArm.stopped(payload as ServerEvents["ring.stop"]);
    const { deviceId } = this.#calls.get();
    if (name === "snapshot" && deviceId !== null) this.#platform.rememberDevice(deviceId);
    if (name === "notice") this.#notices.came(payload as ServerEvents["notice"]);
  }

  #apply<N extends ServerEventName>(name: N, payload: ServerEvents[N]): void {
    this.#calls.update((state) => reduceCalls(state, name, payload, this.#platform.now()));
  }

  /** One tab takes it, while it rings there, and never into another call. */
  #mayAnswerByItself(callId: string): boolean {
    const { calls, rings } = this.#calls.get();
    const alone = calls.every((call) => call.id === callId);
    return this.#leader.get() && alone && callId in rings && !this.#pending.of(callId);
  }

  async #end(callId: string): Promise<void> {
    try {
      await this.#commands.send("hang_up", callId);
    } catch (error) {
      if (isOver(error)) return;
      if (!isLocal(error)) {
        // It goes on: what the card shows of the microphone must be so.
        const call = this.#callOf(callId);
        if (call) this.legs.follow(call, this.#deviceId());
        throw error;
      }
      this.#owedHangUps.add(callId);
      this.legs.close(callId);
    }
  }

  async #whilePending(callId: string, what: Pending, work: () => Promise<void>): Promise<void> {
    await this.#pending.during(callId, what, work).finally(() => this.#ringing.update());
  }

  #showMuted(callId: string, muted: boolean): void {
    this.#calls.update((state) => showMuted(state, callId, muted));
  }

  #deviceId(): string | undefined {
    return this.#calls.get().deviceId ?? this.#platform.device().id;
  }

  #callOf(callId: string): Call | undefined {
    return this.#calls.get().calls.find((call) => call.id === callId);
  }

  #liveIds(): Set<string> {
    return new Set(this.#calls.get().calls.map((call) => call.id));
  }

  /** Of the clock, so that it grows over reloads and tabs as well. */
  #nextGeneration(): number {
    this.#serial = Math.max(this.#serial + 1, this.#platform.now());
    return this.#serial;
  }
}
