import type { Call, Me, OwnPresence, Snapshot } from "../api/types.ts";
import type { HeldTurn } from "../api/turn.ts";
import type { Platform } from "../browser/platform.ts";
import type { CallAudio } from "../media/output.ts";
import { FakeClock } from "./clock.ts";
import { FakeDevices } from "./fakeDevices.ts";
import { FakePeer } from "./fakePeer.ts";
import { FakeSocket } from "./fakeSocket.ts";

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** It arrives when this is done. */
  after?: Promise<void>;
}

/** A track of a microphone that hears nothing. */
export class FakeTrack {
  enabled = true;
  stopped = false;
  onended: (() => void) | null = null;

  stop(): void {
    this.stopped = true;
  }
}

interface FakeRequest {
  method: string;
  path: string;
  body: unknown;
  auth: string | null;
  ifMatch: string | null;
}

/** Everything around a Phone, faked and in the test's hand. */
export class FakeSurroundings {
  readonly clock = new FakeClock();
  readonly socket = new FakeSocket();
  readonly peers: FakePeer[] = [];
  readonly tracks: FakeTrack[] = [];
  readonly requests: FakeRequest[] = [];
  readonly announced: string[] = [];
  remembered: string[] = [];
  /** The relay's credentials, while the page is loaded again. */
  keptTurn: HeldTurn | null = null;
  /** Calls whose audio another tab has. */
  readonly carriedElsewhere = new Set<string>();
  /** What this tab says when another one asks. */
  carries: (callId: string) => boolean = () => false;
  deviceId: string | null = null;
  permission: PermissionState = "granted";
  /** What is plugged in; `plug` changes it as the user would. */
  readonly devices = new FakeDevices();
  audioChoice: string | null = null;
  canChooseOutput = true;
  /** The constraints of every microphone that was asked for. */
  readonly askedFor: MediaTrackConstraints[] = [];
  /** Thrown by getUserMedia. */
  microphoneError: string | null = null;
  /** Thrown where a connection is made. */
  peerError: Error | null = null;
  routes: Record<string, (body: unknown) => Answer> = {
    "POST /auth/login": () => token(),
    "POST /auth/refresh": () => token(),
    "POST /auth/logout": () => ({ status: 204 }),
    "POST /turn-credentials": () => ({
      status: 200,
      body: { urls: ["turn:turn.example"], username: "u", credential: "c", ttl: 600 },
    }),
  };
  offline = false;
  /** How long the gateway's answer takes to whoever looks for it. */
  roundTripMs = 0;
  #becomeLeader: (() => void) | null = null;
  #onAnnounced: ((id: string) => void) | null = null;
  #onNetworkChange: (() => void) | null = null;
  #onWake: (() => void) | null = null;
  #onLeave: (() => void) | null = null;
  #ids = 0;

  get peer(): FakePeer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error("no connection was made");
    return peer;
  }

  lead(): void {
    this.#becomeLeader?.();
  }

  otherTabTook(callId: string): void {
    this.#onAnnounced?.(callId);
  }

  networkChanged(): void {
    this.#onNetworkChange?.();
  }

  wake(): void {
    this.#onWake?.();
  }

  leave(): void {
    this.#onLeave?.();
  }

  platform(): Platform {
    return {
      apiBase: "",
      fetch: (path, init) => this.#fetch(path, init),
      reach: (withinMs) => this.#reach(withinMs),
      withLock: (_name, work) => work(),
      now: this.clock.now,
      later: this.clock.later,
      uuid: () => `id-${(this.#ids += 1)}`,
      device: () => ({
        ...(this.deviceId === null ? {} : { id: this.deviceId }),
        kind: "web",
        name: "Test",
      }),
      rememberDevice: (id) => {
        this.deviceId = id;
      },
      createSocket: () => this.socket,
      createPeer: (config) => {
        if (this.peerError) throw this.peerError;
        const peer = new FakePeer(config);
        this.peers.push(peer);
        return peer as unknown as RTCPeerConnection;
      },
      codecs: () => [
        { mimeType: "audio/opus", clockRate: 48_000 },
        { mimeType: "audio/PCMU", clockRate: 8_000 },
        { mimeType: "audio/PCMA", clockRate: 8_000 },
        { mimeType: "audio/telephone-event", clockRate: 8_000 },
      ],
      createAudioContext: null,
      createAudio: () => silentAudio(),
      microphone: {
        devices: { getUserMedia: (wish) => this.#microphone(wish) },
        query: () =>
          Promise.resolve({ state: this.permission, onchange: null } as PermissionStatus),
        constraints: {},
      },
      audioDevices: {
        devices: this.devices,
        canChooseOutput: this.canChooseOutput,
        memory: {
          load: () => this.audioChoice,
          save: (text) => {
            this.audioChoice = text;
          },
        },
      },
      legMemory: {
        load: () => this.remembered,
        save: (ids) => {
          this.remembered = ids;
        },
      },
      turnMemory: {
        take: () => {
          const kept = this.keptTurn;
          this.keptTurn = null;
          return kept;
        },
        save: (held) => {
          this.keptTurn = held;
        },
      },
      tabs: {
        onLeader: (work) => {
          this.#becomeLeader = work;
          return () => undefined;
        },
        announce: (id) => this.announced.push(id),
        onAnnounced: (work) => {
          this.#onAnnounced = work;
          return () => undefined;
        },
        claim: () => undefined,
        carriedElsewhere: (id) => Promise.resolve(this.carriedElsewhere.has(id)),
        onAsked: (carries) => {
          this.carries = carries;
          return () => undefined;
        },
      },
      events: {
        onNetworkChange: (work) => {
          this.#onNetworkChange = work;
          return () => undefined;
        },
        onWake: (work) => {
          this.#onWake = work;
          return () => undefined;
        },
        onLeave: (work) => {
          this.#onLeave = work;
          return () => undefined;
        },
      },
    };
  }

  async #reach(withinMs: number): Promise<void> {
    if (this.offline) throw new TypeError("network");
    const wait = Math.min(withinMs, this.roundTripMs);
    if (wait > 0) await new Promise<void>((resolve) => this.clock.later(wait, resolve));
    if (withinMs <= this.roundTripMs) throw new DOMException("too late", "TimeoutError");
  }

  async #microphone(wish?: MediaStreamConstraints): Promise<MediaStream> {
    if (typeof wish?.audio === "object") this.askedFor.push(wish.audio);
    if (this.microphoneError !== null) throw new DOMException("refused", this.microphoneError);
    const track = new FakeTrack();
    this.tracks.push(track);
    return { getAudioTracks: () => [track] } as unknown as MediaStream;
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    if (this.offline) throw new TypeError("network");
    const method = init.method ?? "GET";
    const path = url.split("?")[0] ?? url;
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const headers = new Headers(init.headers);
    const [auth, ifMatch] = [headers.get("authorization"), headers.get("if-match")];
    this.requests.push({ method, path: url, body, auth, ifMatch });
    const route = this.routes[`${method} ${path}`];
    const answer = route ? route(body) : { status: 404, body: { code: "not_found", title: "" } };
    await answer.after;
    const text = answer.body === undefined ? null : JSON.stringify(answer.body);
    return new Response(text, { status: answer.status, headers: answer.headers ?? {} });
  }
}

function token(): Answer {
  return {
    status: 200,
    body: { access_token: "access", expires_in: 600, device_id: "device-1" },
  };
}

function silentAudio(): CallAudio {
  return {
    play: () => undefined,
    resume: () => Promise.resolve(),
    setDevice: () => undefined,
    level: () => ({ rms: 0, peakHz: 0, peakDb: -Infinity, context: "none" }),
    close: () => undefined,
  } as unknown as CallAudio;
}

export function aCall(change: Partial<Call> = {}): Call {
  return {
    id: "call-1",
    direction: "out",
    kind: "single",
    on: "device",
    phase: "dialling",
    hold: "none",
    media: "none",
    muted: false,
    remote: {
      name: "Berta Schulz",
      number: { dialled: "102", canonical: "102", display: "102" },
    },
    diverted_by: null,
    original_called: null,
    line_id: "line-101",
    device_id: "device-1",
    created_at: "2026-01-02T10:00:00.000Z",
    ringing_at: null,
    answered_at: null,
    ended_at: null,
    reason: null,
    actions: ["hang_up", "mute"],
    words: null,
    session_id: null,
    consults: null,
    transfer: null,
    participants: [],
    moves: [],
    moving: null,
    ...change,
  };
}

export function aMe(change: Partial<Me> = {}): Me {
  return {
    user: {
      id: "user-1",
      name: "Anna König",
      email: "anna@example.test",
      role: "user",
      permissions: [],
    },
    tenant: { id: "tenant-1", name: "Example GmbH", support_email: "" },
    line: { line_id: "line-101", number: "101", desk_number: "101", mailbox_number: "199" },
    site: {
      id: "site-1",
      name: "Head office",
      profile: "business",
      country: "de",
      area_code: "89",
      extension_digits: 3,
    },
    device_id: "device-1",
    session_id: "session-1",
    settings: {
      settings: { theme: "system", language: "", ring_volume: 80, notifications: true },
      version: 1,
    },
    demo: null,
    ...change,
  };
}

export function aPresence(change: Partial<OwnPresence> = {}): OwnPresence {
  return {
    state: "available",
    seen_as: "available",
    status: { value: "available", until: null },
    do_not_disturb: { on: false, until: null, since: null, by: "user", at_pbx: false },
    note: { text: "", until: null },
    visible_to: { who: "everyone", user_ids: [] },
    ...change,
  };
}

export function aSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    calls: [],
    unread: 0,
    mwi: null,
    connector: { state: "working", layers: [] },
    me: aMe(),
    devices: [],
    presence: aPresence(),
    desk_phone: null,
    pickups: [],
    offers: [],
    device_id: "device-1",
    ...change,
  };
}
