"""Free ports for programs that cannot be told to take any."""

from __future__ import annotations

import contextlib
import random
import socket

HOST = "127.0.0.1"
#: Below those that the kernel gives to whoever connects: such a one would be taken at any moment.
_FIRST, _LAST = 20_000, 32_000


def free_port() -> int:
    """A port that neither UDP nor TCP has on loopback now."""
    while True:
        port = random.randrange(_FIRST, _LAST)
        if _is_free(port, socket.SOCK_STREAM) and _is_free(port, socket.SOCK_DGRAM):
            return port


def free_port_range(width: int) -> tuple[int, int]:
    """An even first port with `width` UDP ports after it that are free now (RTP and RTCP)."""
    for _ in range(200):
        first = free_port() & ~1
        if first + width < 65000 and all(
            _is_free(port, socket.SOCK_DGRAM) for port in range(first, first + width)
        ):
            return first, first + width - 1
    raise RuntimeError("no range of free UDP ports")


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe, contextlib.suppress(OSError):
        probe.bind((HOST, port))
        return True
    return False
