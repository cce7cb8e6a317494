"""Audio encodings: names, clocks and static payload types (RFC 3551 table 4, RFC 7587)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Codec:
    """One encoding as SDP names it. ``clock`` is the RTP timestamp clock, not the sample rate."""

    name: str
    clock: int
    channels: int = 1
    static_pt: int | None = None

    @property
    def rtpmap(self) -> str:
        """The value of an a=rtpmap line after the payload type (RFC 8866 6.6)."""
        suffix = f"/{self.channels}" if self.channels > 1 else ""
        return f"{self.name}/{self.clock}{suffix}"

    def same_encoding(self, name: str, clock: int) -> bool:
        """Encoding names compare without case (RFC 4855 3)."""
        return self.name.lower() == name.lower() and self.clock == clock


PCMU = Codec("PCMU", 8000, static_pt=0)
PCMA = Codec("PCMA", 8000, static_pt=8)
# RFC 3551 4.5.2: G.722 samples at 16 kHz but its RTP clock is 8000 for historical reasons.
G722 = Codec("G722", 8000, static_pt=9)
OPUS = Codec("opus", 48000, channels=2)  # RFC 7587 7: always /48000/2
COMFORT_NOISE = Codec("CN", 8000, static_pt=13)  # RFC 3389

TELEPHONE_EVENT = "telephone-event"

CODECS: dict[str, Codec] = {c.name.upper(): c for c in (PCMU, PCMA, G722, OPUS, COMFORT_NOISE)}
STATIC_CODECS: dict[int, Codec] = {
    c.static_pt: c for c in CODECS.values() if c.static_pt is not None
}


def codec_by_name(name: str) -> Codec | None:
    """The codec of that encoding name, any case, or None when it is unknown here."""
    return CODECS.get(name.upper())


def telephone_event(clock: int) -> Codec:
    """RFC 4733 2.1: the event stream shares the clock of the audio it replaces."""
    return Codec(TELEPHONE_EVENT, clock)
