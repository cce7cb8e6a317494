"""DTMF as RTP events (RFC 4733): payload, a receiver that counts once, a sender's timetable."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from protocols.rtp.errors import RtpError

DIGITS = "0123456789*#ABCD"  # RFC 4733 3.2 table 3, events 0..15
END_PACKETS = 3  # RFC 4733 2.5.1.4: the final packet SHOULD be sent three times
MAX_DURATION = 0xFFFF
_PAYLOAD = struct.Struct("!BBH")


@dataclass(frozen=True, slots=True)
class TelephoneEvent:
    """One payload of RFC 4733 2.3; ``duration`` in units of the RTP clock."""

    event: int
    end: bool
    volume: int
    duration: int

    @classmethod
    def parse(cls, payload: bytes | memoryview) -> TelephoneEvent:
        if len(payload) < _PAYLOAD.size:
            raise RtpError("event payload shorter than four octets")
        event, flags, duration = _PAYLOAD.unpack_from(payload)
        return cls(event, bool(flags & 0x80), flags & 0x3F, duration)

    def to_bytes(self) -> bytes:
        return _PAYLOAD.pack(self.event, (0x80 if self.end else 0) | self.volume, self.duration)


@dataclass(frozen=True, slots=True)
class ReceivedDigit:
    digit: str
    duration_ms: int
    end_only: bool  # no packet without E came before: a sender that reports only ends


@dataclass(slots=True)
class DtmfReceiver:
    """Counts a digit once per (SSRC, timestamp), however many packets repeat it (2.5.2.2).

    A digit is reported at its first end packet. When all three ends are lost, the next event (or
    audio after ``flush``) closes it with the duration last seen.
    """

    clock: int
    _key: tuple[int, int] | None = None
    _event: TelephoneEvent | None = None
    _reported: bool = True
    _started: bool = False
    _recent: list[tuple[int, int]] = field(default_factory=list)

    def receive(self, ssrc: int, timestamp: int, payload: bytes) -> list[ReceivedDigit]:
        """Feed one event packet. Unknown events (not DTMF) and broken payloads give nothing."""
        try:
            event = TelephoneEvent.parse(payload)
        except RtpError:
            return []
        if event.event >= len(DIGITS):
            return []
        key = (ssrc, timestamp)
        digits: list[ReceivedDigit] = []
        if key != self._key:
            if key in self._recent:  # a late repeat of an earlier digit
                return []
            digits += self.flush()
            self._remember(key)
            self._reported, self._started = False, not event.end
        self._event = event
        if event.end and not self._reported:
            digits.append(self._report(event))
        return digits

    def flush(self) -> list[ReceivedDigit]:
        """The digit that is open although its source went on: its end packets were lost."""
        if self._reported or self._event is None:
            return []
        return [self._report(self._event)]

    def _report(self, event: TelephoneEvent) -> ReceivedDigit:
        self._reported = True
        duration_ms = event.duration * 1000 // self.clock
        return ReceivedDigit(DIGITS[event.event], duration_ms, end_only=not self._started)

    def _remember(self, key: tuple[int, int]) -> None:
        self._key = key
        self._recent.append(key)
        del self._recent[:-8]


@dataclass(frozen=True, slots=True)
class EventPacket:
    """One packet of a digit being sent: ``at_ms`` after the start of the digit."""

    at_ms: int
    marker: bool
    payload: bytes


def event_packets(
    digit: str, *, clock: int, duration_ms: int, ptime_ms: int = 20, volume: int = 10
) -> Iterator[EventPacket]:
    """The packets of one digit, all with the timestamp of its start (2.5.1.2, 2.5.1.3).

    Updates every ``ptime_ms`` with a growing duration; the last one three times with E set, in
    the same spacing, so that a burst of loss does not take all three.
    """
    number = DIGITS.find(digit.upper())
    if number < 0 or len(digit) != 1:
        raise ValueError(f"not a DTMF digit: {digit!r}")
    total = min(MAX_DURATION, clock * duration_ms // 1000)
    step = clock * ptime_ms // 1000
    at_ms, duration, marker = 0, step, True
    while duration < total:
        yield EventPacket(at_ms, marker, TelephoneEvent(number, False, volume, duration).to_bytes())
        at_ms, duration, marker = at_ms + ptime_ms, duration + step, False
    final = TelephoneEvent(number, True, volume, total).to_bytes()
    for _ in range(END_PACKETS):
        yield EventPacket(at_ms, marker, final)
        at_ms, marker = at_ms + ptime_ms, False
