"""RTP of one G.711 stream, pure: frames to packets and packets to PCM.

Sending is by frame count, so timestamps never drift from the samples (RFC 3550 5.1). Receiving
places audio by timestamp: a gap becomes silence, a late or repeated packet is dropped.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from media.audio import g711
from media.endpoint.sources import Source
from protocols.rtp.dtmf import DtmfReceiver, EventPacket, ReceivedDigit, event_packets
from protocols.rtp.errors import RtpError
from protocols.rtp.packet import RtpPacket
from protocols.rtp.sequence import sequence_delta, timestamp_delta

CLOCK = 8000
_MAX_GAP = CLOCK  # a jump of more than a second is a restarted source, not a gap to fill


@dataclass
class Outgoing:
    """The sending half. ``digit`` packets take the place of audio, whose clock runs on."""

    ssrc: int
    sequence: int = 0
    timestamp: int = 0
    codec: str = "PCMA"
    payload_type: int = 8
    event_payload_type: int | None = None
    frame: int = 160
    packets: int = 0
    octets: int = 0
    _events: deque[tuple[int, EventPacket | None]] = field(default_factory=deque)
    _event_start: int = 0
    _marker: bool = True

    def queue_digits(self, digits: str, duration_ms: int = 100, gap_ms: int = 70) -> None:
        """RFC 4733 packets for each digit, with a gap of plain audio between them."""
        ptime = self.frame * 1000 // CLOCK
        for digit in digits:
            packets = event_packets(digit, clock=CLOCK, duration_ms=duration_ms, ptime_ms=ptime)
            for number, packet in enumerate(packets):
                self._events.append((number, packet))
            for _ in range(max(1, gap_ms // ptime)):
                self._events.append((0, None))

    @property
    def sending_digits(self) -> bool:
        return bool(self._events)

    def drop_digits(self) -> None:
        self._events.clear()

    def next(self, source: Source) -> bytes:
        """The packet of this frame."""
        pcm = source.read(self.frame)
        event = None
        if self._events and self.event_payload_type is not None:
            number, event = self._events.popleft()
            if event is not None and number == 0:
                self._event_start = self.timestamp
        if event is not None and self.event_payload_type is not None:
            packet = self._packet(
                self.event_payload_type, self._event_start, event.payload, event.marker
            )
        else:
            payload = g711.encode(pcm, self.codec)
            packet = self._packet(self.payload_type, self.timestamp, payload, self._marker)
            self._marker = False
        self.timestamp = (self.timestamp + self.frame) & 0xFFFFFFFF
        return packet

    def skip(self) -> None:
        """A frame that is not sent (hold): the clock runs, the next packet opens a talkspurt."""
        self.timestamp = (self.timestamp + self.frame) & 0xFFFFFFFF
        self._marker = True

    def _packet(self, pt: int, timestamp: int, payload: bytes, marker: bool) -> bytes:
        packet = RtpPacket(pt, self.sequence, timestamp, self.ssrc, payload, marker)
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.packets += 1
        self.octets += len(payload)
        return packet.to_bytes()


@dataclass(frozen=True, slots=True)
class Heard:
    """What one packet gave: audio ready for the sinks, or digits."""

    pcm: bytes = b""
    digits: tuple[ReceivedDigit, ...] = ()


@dataclass
class Incoming:
    """The receiving half. ``codecs`` maps payload types to G.711 laws."""

    codecs: dict[int, str]
    event_payload_type: int | None = None
    packets: int = 0
    lost: int = 0
    dropped: int = 0
    ssrc: int | None = None
    _expected_timestamp: int | None = None
    _last_sequence: int | None = None
    _dtmf: DtmfReceiver = field(default_factory=lambda: DtmfReceiver(CLOCK))

    def receive(self, data: bytes) -> Heard:
        """Work on one packet; what is not RTP of ours counts as dropped."""
        try:
            packet = RtpPacket.parse(data)
        except RtpError:
            self.dropped += 1
            return Heard()
        if packet.payload_type == self.event_payload_type:
            self._count(packet)
            found = self._dtmf.receive(packet.ssrc, packet.timestamp, packet.payload)
            return Heard(digits=tuple(found))
        law = self.codecs.get(packet.payload_type)
        if law is None:
            self.dropped += 1
            return Heard()
        self._count(packet)
        digits = tuple(self._dtmf.flush())
        return Heard(self._place(packet, g711.decode(packet.payload, law)), digits)

    def _count(self, packet: RtpPacket) -> None:
        if packet.ssrc != self.ssrc:
            self.ssrc = packet.ssrc
            self._expected_timestamp = self._last_sequence = None
        self.packets += 1
        if self._last_sequence is None:
            self._last_sequence = packet.sequence
            return
        delta = sequence_delta(packet.sequence, self._last_sequence)
        if delta > 0:
            self.lost += delta - 1
            self._last_sequence = packet.sequence

    def _place(self, packet: RtpPacket, pcm: bytes) -> bytes:
        count = len(pcm) // 2
        gap = 0
        if self._expected_timestamp is not None:
            gap = timestamp_delta(packet.timestamp, self._expected_timestamp)
            if -_MAX_GAP < gap < 0:
                self.dropped += 1
                return b""
        self._expected_timestamp = (packet.timestamp + count) & 0xFFFFFFFF
        return bytes(2 * gap) + pcm if 0 < gap <= _MAX_GAP else pcm
