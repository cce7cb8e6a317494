"""The RTP stream towards one leg: one SSRC, numbers that never jump, whoever feeds it.

The far end must not notice that a leg was swapped, a tone played or a browser reloaded: sequence
numbers go on by one and timestamps by the time that passed (RFC 3550 5.1, RFC 7667 3.6).
"""

from __future__ import annotations

import secrets
import struct

_HEADER = struct.Struct("!BBHII")


class OutgoingStream:
    """Rewriting state towards one leg. ``feeder`` is whatever feeds it now; a change re-bases."""

    __slots__ = (
        "clock",
        "feeder",
        "in_ssrc",
        "last_seq",
        "last_time",
        "last_ts",
        "mark",
        "octets",
        "packets",
        "seq_offset",
        "ssrc",
        "ts_offset",
    )

    def __init__(self, clock: int = 8000) -> None:
        self.ssrc = secrets.randbits(32)
        self.clock = clock
        self.feeder: object = None
        self.in_ssrc = -1
        # RFC 3550 5.1: both start at random. Below 2**15 the first wrap is far away, which keeps
        # the SRTP rollover counter of a receiver that joins late at zero (RFC 3711 3.3.1).
        self.last_seq = secrets.randbits(15)
        self.last_ts = secrets.randbits(32)
        self.last_time = 0.0
        self.seq_offset = 0
        self.ts_offset = 0
        self.mark = False
        self.packets = 0
        self.octets = 0

    def follow(self, feeder: object, ssrc: int, seq: int, timestamp: int, now: float) -> None:
        """Let ``feeder``'s packets continue this stream, the given one coming next."""
        next_seq = (self.last_seq + 1) & 0xFFFF
        next_ts = self.timestamp_at(now)
        self.feeder = feeder
        self.in_ssrc = ssrc
        self.seq_offset = (next_seq - seq) & 0xFFFF
        self.ts_offset = (next_ts - timestamp) & 0xFFFFFFFF
        self.mark = True  # the first packet after a break begins a talkspurt (RFC 3551 4.1)

    def timestamp_at(self, now: float) -> int:
        """The timestamp a packet sent now has to carry: elapsed time, at least one frame."""
        frame = self.clock // 50
        if not self.last_time:
            return (self.last_ts + frame) & 0xFFFFFFFF
        elapsed = round((now - self.last_time) * self.clock)
        return (self.last_ts + max(frame, elapsed)) & 0xFFFFFFFF

    def sent(self, seq: int, timestamp: int, length: int, now: float) -> None:
        self.last_seq = seq
        self.last_ts = timestamp
        self.last_time = now
        self.packets += 1
        self.octets += length

    def generate(
        self,
        feeder: object,
        payload_type: int,
        payload: bytes,
        now: float,
        *,
        timestamp: int | None = None,
        advance: int = 0,
        marker: bool = False,
    ) -> bytes:
        """A packet made here. ``advance`` steps the timestamp of a running feeder exactly;
        ``timestamp`` pins it (all packets of one digit)."""
        fresh = feeder is not self.feeder
        if timestamp is None:
            step = (self.last_ts + advance) & 0xFFFFFFFF
            timestamp = self.timestamp_at(now) if fresh or not advance else step
        seq = (self.last_seq + 1) & 0xFFFF
        self.feeder = feeder
        self.in_ssrc = -1
        second = payload_type | (0x80 if marker or fresh else 0)
        if timestamp == self.last_ts and not fresh:
            now = self.last_time  # a pinned timestamp stays the time at which it was current
        self.sent(seq, timestamp, len(payload), now)
        return _HEADER.pack(0x80, second, seq, timestamp, self.ssrc) + payload
