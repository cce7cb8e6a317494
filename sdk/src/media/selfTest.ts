import type { Microphone } from "./microphone.ts";
import type { CallAudio } from "./output.ts";

export interface SelfTestDeps {
  microphone: Microphone;
  context: () => AudioContext | null;
  createAudio: () => CallAudio;
  /** Where the user hears calls; what was recorded is played there. */
  output: () => string;
  later: (ms: number, work: () => void) => () => void;
}

/** Longer than a sentence, shorter than patience. */
const MAX_SECONDS = 8;

/** Hears the user without a call: the level while speaking, and what was said afterwards. */
export class SelfTest {
  readonly #deps: SelfTestDeps;
  #track: MediaStreamTrack | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #analyser: AnalyserNode | null = null;
  #recorder: MediaRecorder | null = null;
  #cancelLimit: (() => void) | null = null;
  #recording: Promise<Blob> | null = null;
  #playing: CallAudio | null = null;
  /** Grows with every start and stop: a microphone that comes too late is let go at once. */
  #era = 0;

  constructor(deps: SelfTestDeps) {
    this.#deps = deps;
  }

  /** Opens the microphone; rejects with its problem. From a click: the context may start then. */
  async start(onFull: () => void): Promise<void> {
    this.stop();
    const era = this.#era;
    const track = await this.#deps.microphone.acquire();
    if (era !== this.#era) {
      track.stop();
      return;
    }
    this.#track = track;
    const context = this.#deps.context();
    await context?.resume().catch(() => undefined);
    const stream = new MediaStream([track]);
    if (context) {
      this.#analyser = context.createAnalyser();
      this.#analyser.fftSize = 1024;
      this.#source = context.createMediaStreamSource(stream);
      this.#source.connect(this.#analyser);
    }
    if (typeof MediaRecorder === "undefined") return;
    const parts: Blob[] = [];
    const recorder = new MediaRecorder(stream);
    this.#recorder = recorder;
    this.#recording = new Promise((resolve) => {
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.onstop = () => resolve(new Blob(parts, { type: recorder.mimeType }));
    });
    recorder.start();
    this.#cancelLimit = this.#deps.later(MAX_SECONDS * 1000, onFull);
  }

  /** From 0 to 1 in the steps of an ear: each 0.1 is 6 dB. */
  level(): number {
    if (!this.#analyser) return 0;
    const samples = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(samples);
    const rms = Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length);
    return rms === 0 ? 0 : Math.min(1, Math.max(0, 1 + (20 * Math.log10(rms)) / 60));
  }

  /** Closes the microphone and plays what was said; resolves when it was played. */
  async playBack(): Promise<void> {
    const recording = this.#recording;
    if (this.#recorder?.state === "recording") this.#recorder.stop();
    this.#closeMicrophone();
    const context = this.#deps.context();
    if (!recording || !context) return;
    const era = this.#era;
    const said = await context.decodeAudioData(await (await recording).arrayBuffer());
    if (era !== this.#era) return;
    const source = context.createBufferSource();
    const out = context.createMediaStreamDestination();
    source.buffer = said;
    source.connect(out);
    this.#playing = this.#deps.createAudio();
    this.#playing.setDevice(this.#deps.output());
    this.#playing.play(out.stream);
    const ended = new Promise<void>((resolve) => (source.onended = () => resolve()));
    source.start();
    await ended;
    this.#silence();
  }

  /** Lets everything go; the microphone's light goes out. */
  stop(): void {
    this.#era += 1;
    if (this.#recorder?.state === "recording") this.#recorder.stop();
    this.#recording = null;
    this.#closeMicrophone();
    this.#silence();
  }

  #closeMicrophone(): void {
    this.#cancelLimit?.();
    this.#source?.disconnect();
    this.#track?.stop();
    this.#recorder = null;
    this.#source = null;
    this.#analyser = null;
    this.#track = null;
    this.#cancelLimit = null;
  }

  #silence(): void {
    this.#playing?.close();
    this.#playing = null;
  }
}
