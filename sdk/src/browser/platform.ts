import { io } from "socket.io-client";
import type { TurnDeps } from "../api/turn.ts";
import type { AudioDevicesDeps } from "../media/devices.ts";
import type { MicrophoneDeps } from "../media/microphone.ts";
import { CallAudio } from "../media/output.ts";
import type { SocketLike } from "../realtime/socket.ts";
import { arrivedSignedIn, rememberDevice, thisDevice, withLock } from "./device.ts";
import { createTabs, type Tabs } from "./tabs.ts";

type Unsubscribe = () => void;

/** Everything that the phone needs of its surroundings. Tests bring their own. */
export interface Platform {
  apiBase: string;
  fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** Resolves when the gateway answered a request that asks for nothing; else a TimeoutError. */
  reach: (withinMs: number) => Promise<unknown>;
  withLock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  now: () => number;
  later: (ms: number, work: () => void) => () => void;
  uuid: () => string;
  device: () => { id?: string; kind: "web" | "pwa"; name: string };
  rememberDevice: (id: string) => void;
  arrived?: (() => boolean) | undefined;
  createSocket: (auth: () => Promise<Record<string, unknown>>) => SocketLike;
  createPeer: (config: RTCConfiguration) => RTCPeerConnection;
  codecs: () => RTCRtpCodec[];
  createAudioContext: (() => AudioContext) | null;
  createAudio: (context: () => AudioContext | null) => CallAudio;
  microphone: MicrophoneDeps;
  audioDevices: AudioDevicesDeps;
  legMemory: { load: () => string[]; save: (ids: string[]) => void };
  turnMemory: TurnDeps["memory"];
  tabs: Tabs;
  events: {
    onNetworkChange: (work: () => void) => Unsubscribe;
    onWake: (work: () => void) => Unsubscribe;
    onLeave: (work: () => void) => Unsubscribe;
  };
}

export interface BrowserOptions {
  /** Where the gateway is; empty = the page's own origin. */
  origin?: string;
  /** Echo cancelling and the like bend tones: off when a test measures them. */
  rawAudio?: boolean;
  /** Sound was refused by the browser until the next click. */
  onSoundBlocked?: () => void;
}

const LEGS_KEY = "offhook.legs";
const TURN_KEY = "offhook.relay";
const AUDIO_KEY = "offhook.audio";

export function browserPlatform(options: BrowserOptions = {}): Platform {
  const origin = options.origin ?? "";
  const audioContext = typeof AudioContext === "undefined" ? null : () => new AudioContext();
  return {
    apiBase: `${origin}/api/v1`,
    fetch: (input, init) => fetch(input, init),
    reach: (withinMs) =>
      fetch(`${origin}/healthz`, {
        mode: "no-cors",
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(withinMs),
      }),
    withLock,
    now: () => Date.now(),
    later: (ms, work) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
    uuid,
    device: thisDevice,
    rememberDevice,
    arrived: arrivedSignedIn,
    createSocket: (auth) =>
      io(`${origin}/phone`, {
        autoConnect: false,
        transports: ["websocket", "polling"],
        reconnectionDelay: 200,
        reconnectionDelayMax: 5_000,
        timeout: 5_000,
        auth: (give) => {
          void auth()
            .then(give)
            .catch(() => give({ token: null }));
        },
      }),
    createPeer: (config) => new RTCPeerConnection(config),
    codecs: () => RTCRtpReceiver.getCapabilities("audio")?.codecs ?? [],
    createAudioContext: audioContext,
    createAudio: (context) => new CallAudio(context, options.onSoundBlocked ?? (() => undefined)),
    microphone: microphoneDeps(options.rawAudio ?? false),
    audioDevices: {
      devices: (navigator as Partial<Navigator>).mediaDevices ?? null,
      canChooseOutput: "setSinkId" in HTMLMediaElement.prototype,
      memory: {
        load: () => localStorage.getItem(AUDIO_KEY),
        save: (text) => localStorage.setItem(AUDIO_KEY, text),
      },
    },
    legMemory: {
      load: () => loadList(LEGS_KEY),
      save: (ids) => sessionStorage.setItem(LEGS_KEY, JSON.stringify(ids)),
    },
    turnMemory: {
      take: takeTurn,
      save: (held) => sessionStorage.setItem(TURN_KEY, JSON.stringify(held)),
    },
    tabs: createTabs(),
    events: { onNetworkChange, onWake, onLeave },
  };
}

function uuid(): string {
  const crypto = globalThis.crypto as Partial<Crypto> & Crypto;
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

function microphoneDeps(raw: boolean): MicrophoneDeps {
  const nav = navigator as Partial<Navigator>;
  return {
    devices: nav.mediaDevices ?? null,
    query: nav.permissions ? () => navigator.permissions.query({ name: "microphone" }) : null,
    constraints: {
      echoCancellation: !raw,
      noiseSuppression: !raw,
      autoGainControl: !raw,
      channelCount: 1,
    },
  };
}

function onNetworkChange(work: () => void): Unsubscribe {
  const connection = (navigator as { connection?: EventTarget }).connection;
  window.addEventListener("online", work);
  connection?.addEventListener("change", work);
  return () => {
    window.removeEventListener("online", work);
    connection?.removeEventListener("change", work);
  };
}

/** A clock that jumped means that the machine slept: its socket looks alive and is dead. */
function onWake(work: () => void): Unsubscribe {
  const every = 5_000;
  const jump = 20_000;
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    // Throttled background tabs run once a minute; only a visible page can tell a jump.
    if (now - last > every + jump && document.visibilityState === "visible") work();
    last = now;
  }, every);
  return () => clearInterval(timer);
}

function onLeave(work: () => void): Unsubscribe {
  window.addEventListener("pagehide", work);
  return () => window.removeEventListener("pagehide", work);
}

/** Only between two lives of a page: a relay's credentials have no business in storage else. */
function takeTurn(): unknown {
  const text = sessionStorage.getItem(TURN_KEY);
  sessionStorage.removeItem(TURN_KEY);
  try {
    return JSON.parse(text ?? "null") as unknown;
  } catch {
    return null;
  }
}

function loadList(key: string): string[] {
  try {
    const list = JSON.parse(sessionStorage.getItem(key) ?? "[]") as unknown;
    return Array.isArray(list) ? list.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
}
