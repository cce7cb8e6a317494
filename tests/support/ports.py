"""Free ports for programs that cannot be told to take any."""

from __future__ import annotations

import contextlib
import socket

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that neither UDP nor TCP has on loopback now."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((HOST, 0))
            port = int(probe.getsockname()[1])
            if _udp_is_free(port):
                return port


def free_port_range(width: int) -> tuple[int, int]:
    """An even first port with `width` UDP ports after it that are free now (RTP and RTCP)."""
    for _ in range(200):
        first = free_port() & ~1
        if first + width < 65000 and all(map(_udp_is_free, range(first, first + width))):
            return first, first + width - 1
    raise RuntimeError("no range of free UDP ports")


def _udp_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.bind((HOST, port))
        return True
    return False
