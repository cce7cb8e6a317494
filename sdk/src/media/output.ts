/** Measures what is heard: for diagnostics and for tests, which must prove tones, not packets. */
export interface Level {
  rms: number;
  peakHz: number;
  peakDb: number;
  context: AudioContextState | "none";
}

/** Browsers without the function have no such choice, and none is offered there. */
export async function playAt(element: HTMLAudioElement, device: string): Promise<void> {
  const { setSinkId } = element as Partial<HTMLAudioElement>;
  // A device that went away meanwhile: the element goes on where it plays.
  await setSinkId?.call(element, device).catch(() => undefined);
}

/** Plays the far end. One element per call leg, so that a replaced leg leaves no echo of the old. */
export class CallAudio {
  readonly #element: HTMLAudioElement;
  readonly #context: () => AudioContext | null;
  readonly #onBlocked: () => void;
  #source: MediaStreamAudioSourceNode | null = null;
  #analyser: AnalyserNode | null = null;

  constructor(context: () => AudioContext | null, onBlocked: () => void) {
    this.#element = new Audio();
    this.#element.autoplay = true;
    this.#context = context;
    this.#onBlocked = onBlocked;
  }

  setDevice(id: string): void {
    void playAt(this.#element, id);
  }

  play(stream: MediaStream): void {
    this.#element.srcObject = stream;
    this.#unhook();
    void this.resume();
  }

  /** Browsers may refuse sound before the first click; the next click calls this again. */
  async resume(): Promise<void> {
    if (!this.#element.srcObject) return;
    try {
      await this.#element.play();
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError") this.#onBlocked();
    }
  }

  level(): Level {
    const analyser = this.#measure();
    if (!analyser) return { rms: 0, peakHz: 0, peakDb: -Infinity, context: "none" };
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    const rms = Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / samples.length);
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    let peak = 0;
    for (let i = 1; i < bins.length; i += 1) if ((bins[i] ?? 0) > (bins[peak] ?? 0)) peak = i;
    const { sampleRate, state } = analyser.context;
    return {
      rms,
      peakHz: (peak * sampleRate) / analyser.fftSize,
      peakDb: bins[peak] ?? -Infinity,
      context: state,
    };
  }

  close(): void {
    this.#unhook();
    this.#element.pause();
    this.#element.srcObject = null;
  }

  #measure(): AnalyserNode | null {
    const stream = this.#element.srcObject;
    const context = this.#context();
    if (!(stream instanceof MediaStream) || !context) return null;
    if (!this.#analyser) {
      this.#analyser = context.createAnalyser();
      this.#analyser.fftSize = 8192;
      this.#analyser.smoothingTimeConstant = 0;
      this.#source = context.createMediaStreamSource(stream);
      this.#source.connect(this.#analyser);
    }
    return this.#analyser;
  }

  #unhook(): void {
    this.#source?.disconnect();
    this.#source = null;
    this.#analyser = null;
  }
}
