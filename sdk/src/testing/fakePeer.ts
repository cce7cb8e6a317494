/** Stand-in for RTCPeerConnection: keeps the signalling rules that our leg depends on, no media. */
export class FakePeer {
  signalingState: RTCSignalingState = "stable";
  iceConnectionState: RTCIceConnectionState = "new";
  connectionState: RTCPeerConnectionState = "new";
  localDescription: RTCSessionDescriptionInit | null = null;
  ontrack: ((event: { track: unknown }) => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  config: RTCConfiguration;
  readonly transceivers: FakeTransceiver[] = [];
  answers: string[] = [];
  offers = 0;
  restarts = 0;
  closed = false;
  /** Make the next answer fail, as browsers do with one that does not fit. */
  refuseAnswer = false;
  /** Firefox of before 119: it lacks what came later. */
  old = false;
  /** What getStats tells. */
  stats: Record<string, unknown>[] = [];

  constructor(config: RTCConfiguration) {
    this.config = config;
  }

  addTransceiver(kind: string, init: RTCRtpTransceiverInit): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind, init);
    if (this.old) {
      this.setConfiguration = undefined;
      transceiver.setCodecPreferences = undefined;
    }
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    this.offers += 1;
    return { type: "offer", sdp: `offer-${this.offers}-restart-${this.restarts}` };
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
    this.signalingState = "have-local-offer";
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (this.refuseAnswer) {
      this.refuseAnswer = false;
      throw new DOMException("does not fit", "InvalidAccessError");
    }
    if (this.signalingState !== "have-local-offer") throw new DOMException("", "InvalidStateError");
    this.answers.push(description.sdp ?? "");
    this.signalingState = "stable";
  }

  getConfiguration(): RTCConfiguration {
    return this.config;
  }

  setConfiguration: ((config: RTCConfiguration) => void) | undefined = (config) => {
    this.config = config;
  };

  restartIce(): void {
    this.restarts += 1;
  }

  async getStats(): Promise<Map<string, Record<string, unknown>>> {
    return new Map(this.stats.map((stat, i) => [String(i), stat]));
  }

  close(): void {
    this.closed = true;
    this.connectionState = "closed";
    this.signalingState = "closed";
  }

  /** ICE and DTLS are done. */
  connect(): void {
    this.iceConnectionState = "connected";
    this.connectionState = "connected";
    this.oniceconnectionstatechange?.();
    this.onconnectionstatechange?.();
  }

  ice(state: RTCIceConnectionState): void {
    this.iceConnectionState = state;
    this.oniceconnectionstatechange?.();
  }

  fail(): void {
    this.connectionState = "failed";
    this.onconnectionstatechange?.();
  }

  inbound(packetsReceived: number, more: Record<string, unknown> = {}): void {
    this.stats = [{ type: "inbound-rtp", kind: "audio", packetsReceived, packetsLost: 0, ...more }];
  }
}

export class FakeTransceiver {
  readonly sender = new FakeSender();
  readonly kind: string;
  readonly direction: RTCRtpTransceiverDirection;
  preferences: RTCRtpCodec[] = [];

  constructor(kind: string, init: RTCRtpTransceiverInit) {
    this.kind = kind;
    this.direction = init.direction ?? "sendrecv";
  }

  setCodecPreferences: ((codecs: RTCRtpCodec[]) => void) | undefined = (codecs) => {
    this.preferences = codecs;
  };
}

export class FakeSender {
  track: unknown = null;
  dtmf: { canInsertDTMF: boolean; toneBuffer: string; log: unknown[][]; insertDTMF: Insert } = {
    canInsertDTMF: true,
    toneBuffer: "",
    log: [],
    insertDTMF: (...given) => {
      this.dtmf.log.push(given);
      this.dtmf.toneBuffer = given[0];
    },
  };

  async replaceTrack(track: unknown): Promise<void> {
    this.track = track;
  }
}

type Insert = (tones: string, duration: number, gap: number) => void;
