import { type Observable, Store } from "../observable.ts";
import { playAt } from "./output.ts";

/** `armed`: sound can start by itself. Browsers need one click on the page first. */
export type SoundState = "armed" | "locked" | "unsupported";
export type RingKind = "none" | "ring" | "second_call";

/** A context that plays elsewhere than the system says; younger than the browsers we promise. */
type Movable = AudioContext & { setSinkId?: (id: string) => Promise<void> };

const RING_SECONDS = 4;
const KNOCK_SECONDS = 10;

/** The ring and the small tones of the page. All are made here: no file to load, none to miss. */
export class Ringer {
  readonly #create: (() => AudioContext) | null;
  readonly #sound: Store<SoundState>;
  #context: AudioContext | null = null;
  #playing: { kind: RingKind; source: AudioBufferSourceNode } | null = null;
  #wanted: RingKind = "none";
  #volume = 1;
  #gain: GainNode | null = null;
  /** Only where the ring has a device of its own: tones of calls stay with the calls. */
  #apart: HTMLAudioElement | null = null;
  #devices = { output: "", ring: "" };

  constructor(create: (() => AudioContext) | null) {
    this.#create = create;
    this.#sound = new Store<SoundState>(create ? "locked" : "unsupported");
  }

  get sound(): Observable<SoundState> {
    return this.#sound;
  }

  /** The context once it exists; it is made at the first need, never at load. */
  context = (): AudioContext | null => {
    if (!this.#context && this.#create) {
      this.#context = this.#create();
      this.#context.onstatechange = () => this.#follow();
      this.#place();
      this.#follow();
    }
    return this.#context;
  };

  /** From 0 to 100, of the ring alone. An ear hears squares as steps. */
  setVolume(percent: number): void {
    this.#volume = (percent / 100) ** 2;
    if (this.#gain) this.#gain.gain.value = this.#volume;
  }

  /** `output` is where calls are heard, `ring` where they ring; "" is the system's choice. */
  setDevices(output: string, ring: string): void {
    this.#devices = { output, ring };
    this.#place();
  }

  /** Call from a click or key press. */
  async arm(): Promise<void> {
    const context = this.context();
    if (context && context.state !== "running") await context.resume().catch(() => undefined);
    this.#follow();
  }

  /** Loops without timers: a throttled tab rings on, and stopping is immediate. */
  set(kind: RingKind): void {
    this.#wanted = kind;
    if (this.#playing?.kind === kind) return;
    this.#playing?.source.stop();
    this.#playing = null;
    const context = kind === "none" ? this.#context : this.context();
    if (kind === "none" || context?.state !== "running") return;
    const source = context.createBufferSource();
    source.buffer = kind === "ring" ? ringBuffer(context) : knockBuffer(context);
    source.loop = true;
    source.connect(kind === "ring" ? this.#bell(context) : context.destination);
    source.start();
    this.#playing = { kind, source };
  }

  /** One ring to hear whether it can be heard. */
  async test(): Promise<void> {
    await this.arm();
    const context = this.context();
    if (context?.state !== "running" || this.#playing) return;
    const source = context.createBufferSource();
    source.buffer = ringBuffer(context);
    source.connect(this.#bell(context));
    source.start(0, 0, 1.6);
  }

  /** Somebody has been waiting for long: two soft tones over the call. */
  remind(): void {
    const context = this.context();
    if (context?.state !== "running") return;
    const rate = context.sampleRate;
    const buffer = context.createBuffer(1, Math.round(rate * 0.6), rate);
    [0, 0.3].forEach((at) => addTone(buffer.getChannelData(0), rate, [523.3], at, 0.2, 0.05));
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start();
  }

  /** Feedback for a key of the pad: the two tones of that digit, short and low. */
  key(digit: string): void {
    const pair = KEY_TONES[digit];
    const context = this.context();
    if (!pair || context?.state !== "running") return;
    const length = Math.round(context.sampleRate * 0.09);
    const buffer = context.createBuffer(1, length, context.sampleRate);
    addTone(buffer.getChannelData(0), context.sampleRate, pair, 0, 0.09, 0.06);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start();
  }

  #bell(context: AudioContext): GainNode {
    if (!this.#gain) {
      this.#gain = context.createGain();
      this.#gain.gain.value = this.#volume;
      this.#place();
    }
    // It may have been refused while the page was not touched yet.
    if (this.#apart?.paused === true) void this.#apart.play().catch(() => undefined);
    return this.#gain;
  }

  #place(): void {
    const { output, ring } = this.#devices;
    const context: Movable | null = this.#context;
    void context?.setSinkId?.(output).catch(() => undefined);
    if (!context || !this.#gain) return;
    this.#gain.disconnect();
    if (ring === output) {
      this.#apart?.pause();
      this.#apart = null;
      this.#gain.connect(context.destination);
      return;
    }
    const way = context.createMediaStreamDestination();
    this.#gain.connect(way);
    this.#apart ??= new Audio();
    this.#apart.srcObject = way.stream;
    void playAt(this.#apart, ring);
    void this.#apart.play().catch(() => undefined);
  }

  #follow(): void {
    if (!this.#create) return;
    this.#sound.set(this.#context?.state === "running" ? "armed" : "locked");
    if (this.#context?.state === "running" && !this.#playing && this.#wanted !== "none") {
      this.set(this.#wanted);
    }
  }
}

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
/** DTMF pairs (ITU-T Q.23). */
const KEY_TONES: Record<string, number[]> = Object.fromEntries(
  Array.from("123456789*0#").map((key, i) => [
    key,
    [ROWS[Math.floor(i / 3)] ?? 0, COLUMNS[i % 3] ?? 0],
  ]),
);

function ringBuffer(context: AudioContext): AudioBuffer {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, rate * RING_SECONDS, rate);
  const data = buffer.getChannelData(0);
  // Two falling thirds, then a pause: heard in a room, not mistaken for the network's ring-back.
  [659.3, 523.3, 659.3, 523.3].forEach((hz, i) => {
    addTone(data, rate, [hz, hz * 2], i * 0.36, 0.34, 0.22);
  });
  return buffer;
}

function knockBuffer(context: AudioContext): AudioBuffer {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, rate * KNOCK_SECONDS, rate);
  addTone(buffer.getChannelData(0), rate, [425], 0, 0.2, 0.05);
  return buffer;
}

function addTone(
  data: Float32Array,
  rate: number,
  hertz: readonly number[],
  start: number,
  seconds: number,
  gain: number,
): void {
  const from = Math.round(start * rate);
  const length = Math.round(seconds * rate);
  for (let i = 0; i < length && from + i < data.length; i += 1) {
    const edge = Math.min(1, i / (0.008 * rate), (length - i) / (0.06 * rate));
    let value = 0;
    for (const hz of hertz) value += Math.sin((2 * Math.PI * hz * i) / rate) / hertz.length;
    data[from + i] = (data[from + i] ?? 0) + value * gain * edge;
  }
}
