"""Spares a receiver that does not answer, and everybody who waits behind it.

After some failures in a row nothing is sent for a while; then one delivery tries whether the
receiver is back, and the others wait for what becomes of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from gateway.outbox import NotNow

FAILURES = 3
FIRST = 5.0  # s
LONGEST = 300.0
PROBE = 15.0  # s until the outcome of a try is known


@dataclass(slots=True)
class _Receiver:
    failures: int = 0
    closed_until: float = 0.0
    trying: bool = False


class Breaker:
    """Of this process: another node makes its own experience."""

    def __init__(
        self, monotonic: Callable[[], float], jitter: Callable[[], float] = random.random
    ) -> None:
        self._monotonic = monotonic
        self._jitter = jitter
        self._receivers: dict[str, _Receiver] = {}

    def admit(self, receiver_id: str) -> None:
        """Raises :class:`NotNow` while the receiver is left alone."""
        receiver = self._receivers.get(receiver_id)
        if receiver is None or receiver.failures < FAILURES:
            return
        now = self._monotonic()
        if now < receiver.closed_until:
            rest = receiver.closed_until - now
            raise NotNow(rest * (1.0 + self._jitter()) + 0.1)
        receiver.closed_until = now + PROBE
        receiver.trying = True

    def failed(self, receiver_id: str) -> None:
        receiver = self._receivers.setdefault(receiver_id, _Receiver())
        now = self._monotonic()
        if now < receiver.closed_until and not receiver.trying:
            return  # sent before it was closed: the same failure once more
        receiver.trying = False
        receiver.failures += 1
        if receiver.failures >= FAILURES:
            pause = min(LONGEST, FIRST * 2.0 ** min(receiver.failures - FAILURES, 30))
            receiver.closed_until = now + pause

    def forget(self, receiver_id: str) -> None:
        """It works, or shall be tried as if nothing had been."""
        self._receivers.pop(receiver_id, None)
