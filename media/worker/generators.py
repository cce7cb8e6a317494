"""What a worker sends by its own clock: tones, files, digits. Run on the media thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from media.worker.plane import MediaPlane
from media.worker.port import MediaPort
from protocols.rtp.dtmf import EventPacket, event_packets

FRAME_S = 0.02
_LATE_S = 0.1  # after a stall skip frames instead of sending a burst


class FramePlayer:
    """Encoded frames of 20 ms in a row, repeated if ``loop``."""

    def __init__(
        self,
        port: MediaPort,
        payload_type: int,
        frames: Sequence[bytes],
        advance: int,
        *,
        loop: bool,
        until: float | None,
        done: Callable[[], None],
    ) -> None:
        self.port = port
        self.due = 0.0
        self._payload_type = payload_type
        self._frames = frames
        self._advance = advance
        self._loop = loop
        self._until = until
        self._done = done
        self._at = 0

    def run(self, plane: MediaPlane, now: float) -> bool:
        if now - self.due > _LATE_S:
            self.due = now
        if self._at >= len(self._frames):
            if not self._loop:
                self._done()
                return False
            self._at = 0
        if self._until is not None and now >= self._until:
            self._done()
            return False
        packet = self.port.out.generate(
            self, self._payload_type, self._frames[self._at], now, advance=self._advance
        )
        plane.send_packet(self.port, packet)
        self._at += 1
        self.due += FRAME_S
        return True


class DigitSender:
    """A row of digits as RFC 4733 events; the audio of the same stream rests meanwhile."""

    def __init__(
        self,
        port: MediaPort,
        payload_type: int,
        clock: int,
        digits: str,
        *,
        duration_ms: int,
        gap_ms: int,
        done: Callable[[], None],
    ) -> None:
        self.port = port
        self.due = 0.0
        self._payload_type = payload_type
        self._clock = clock
        self._digits = list(digits)
        self._duration_ms = duration_ms
        self._gap_ms = gap_ms
        self._done = done
        self._packets: list[EventPacket] = []
        self._start = 0.0
        self._timestamp = 0

    def append(self, digits: str) -> None:
        self._digits += digits

    def run(self, plane: MediaPlane, now: float) -> bool:
        if not self._packets:
            if not self._digits:
                self._done()
                return False
            self._next_digit(now)
        packet = self._packets.pop(0)
        data = self.port.out.generate(
            self,
            self._payload_type,
            packet.payload,
            now,
            timestamp=self._timestamp,
            marker=packet.marker,
        )
        plane.send_packet(self.port, data)
        if self._packets:
            self.due = self._start + self._packets[0].at_ms / 1000
        else:
            # RFC 4733 2.5.1.1: the gap counts from the end of the event, its repeats included.
            self.due = self._start + max(self._duration_ms + self._gap_ms, packet.at_ms + 20) / 1000
        return True

    def _next_digit(self, now: float) -> None:
        digit = self._digits.pop(0)
        self._timestamp = self.port.out.timestamp_at(now)
        self._start = now
        self._packets = list(event_packets(digit, clock=self._clock, duration_ms=self._duration_ms))
