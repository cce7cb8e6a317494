/**
 * G.711 first: the PBX speaks it, so nothing is transcoded, and telephone-event/8000 has the codec's
 * clock, the only combination in which both Chromium and Firefox send correct digits (RFC 4733 2.1).
 */
const ORDER = ["audio/pcma", "audio/pcmu", "audio/telephone-event"];

interface Codec {
  mimeType: string;
  clockRate: number;
}

/** The codecs that we offer, best first. Others are left out: the gateway would have to transcode. */
export function preferredCodecs<C extends Codec>(available: readonly C[]): C[] {
  const wanted = available.filter(
    (codec) => codec.clockRate === 8000 && ORDER.includes(codec.mimeType.toLowerCase()),
  );
  return wanted.sort(
    (a, b) => ORDER.indexOf(a.mimeType.toLowerCase()) - ORDER.indexOf(b.mimeType.toLowerCase()),
  );
}
