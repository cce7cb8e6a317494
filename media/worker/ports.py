"""UDP ports for legs with a socket of their own: random, in pairs, rested after use."""

from __future__ import annotations

import random
import socket

from media.engine import MediaError
from media.worker.plane import udp_socket

_TRIES = 200


class PortRange:
    """Even ports of a range with the odd one above for RTCP (RFC 3550 11).

    A closed leg's port rests, so that the late packets of one call never reach the next; the
    order is random, so that a port says nothing about the one before (RFC 6056).
    """

    def __init__(self, low: int, high: int, quarantine_s: float) -> None:
        self._all = list(range(low + (low & 1), high, 2))
        self._quarantine_s = quarantine_s
        self._used: set[int] = set()
        self._resting: dict[int, float] = {}
        self._random = random.SystemRandom()

    def take(
        self, host: str, now: float, *, pair: bool
    ) -> tuple[socket.socket, socket.socket | None]:
        """A bound socket on an even port, with its RTCP neighbour if ``pair``."""
        self._resting = {p: t for p, t in self._resting.items() if t > now}
        for _ in range(_TRIES):
            port = self._random.choice(self._all)
            if port in self._used or port in self._resting:
                continue
            sockets = _bind(host, port, pair)
            if sockets is not None:
                self._used.add(port)
                return sockets
        raise MediaError("no_port", "no free RTP port in the configured range")

    def give_back(self, port: int, now: float) -> None:
        self._used.discard(port)
        self._resting[port] = now + self._quarantine_s

    @property
    def in_use(self) -> int:
        return len(self._used)


def _bind(host: str, port: int, pair: bool) -> tuple[socket.socket, socket.socket | None] | None:
    try:
        first = udp_socket(host, port)
    except OSError:
        return None
    if not pair:
        return first, None
    try:
        return first, udp_socket(host, port + 1)
    except OSError:
        first.close()
        return None
