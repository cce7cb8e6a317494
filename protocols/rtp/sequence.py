"""Serial arithmetic and source statistics of RFC 3550 appendix A."""

from __future__ import annotations

from dataclasses import dataclass

MAX_DROPOUT = 3000  # RFC 3550 A.1: a larger forward jump means that the source restarted
MAX_MISORDER = 100

_HALF = 0x8000
_MODULUS = 0x10000


def sequence_delta(new: int, old: int) -> int:
    """Signed distance from ``old`` to ``new`` modulo 2**16, in -32768..32767."""
    delta = (new - old) & 0xFFFF
    return delta - _MODULUS if delta >= _HALF else delta


def timestamp_delta(new: int, old: int) -> int:
    """Signed distance from ``old`` to ``new`` modulo 2**32."""
    delta = (new - old) & 0xFFFFFFFF
    return delta - 0x100000000 if delta >= 0x80000000 else delta


@dataclass(slots=True)
class LossInterval:
    """Expected and received counts at the previous report, for the fraction lost (A.3)."""

    expected: int = 0
    received: int = 0

    def fraction(self, expected: int, received: int) -> float:
        """Loss since the last call as 0.0 .. 1.0; duplicates can not make it negative."""
        expected_now = expected - self.expected
        lost_now = expected_now - (received - self.received)
        self.expected, self.received = expected, received
        if expected_now <= 0 or lost_now <= 0:
            return 0.0
        return lost_now / expected_now


def cumulative_lost(expected: int, received: int) -> int:
    """RFC 3550 6.4.1: signed 24 bit, clamped at the ends."""
    return max(-0x800000, min(0x7FFFFF, expected - received))
