"""The one UDP port of a worker that all WebRTC legs share."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from media.worker.addresses import Address, sockaddr, v4_key
from media.worker.port import MediaPort

Key = int | bytes
BUFFER_BYTES = 4 << 20
ControlPacket = Callable[["MuxSocket", bytes, Address], None]


class MuxSocket:
    """One socket (one per address family) with the table of sources that proved themselves.

    ``table`` holds only addresses that passed a STUN check with the leg's password; everything
    but STUN from elsewhere is counted and dropped (RFC 7983, and the race of CVE-2023-49786).
    """

    def __init__(self, sock: socket.socket, on_stun: ControlPacket, on_dtls: ControlPacket) -> None:
        self.sock = sock
        self.fd = sock.fileno()
        self.v4 = sock.family == socket.AF_INET
        self.table: dict[Key, MediaPort] = {}
        self.on_stun = on_stun
        self.on_dtls = on_dtls
        self.unverified_drops = 0
        self.outgoing: Any = None  # the media loop's headers for this family
        _widen(sock)

    def key(self, address: Address) -> Key:
        return v4_key(address) if self.v4 else sockaddr(address)[:24]

    def send(self, data: bytes, address: Address) -> None:
        try:
            self.sock.sendto(data, address)
        except OSError:
            pass  # UDP promises nothing; the peer retransmits


def _widen(sock: socket.socket) -> None:
    """Room for the bursts of many calls while the system keeps the media thread waiting.

    The FORCE options go beyond the system's limit and need a privilege; else up to the limit.
    """
    for option, force in ((socket.SO_RCVBUF, 33), (socket.SO_SNDBUF, 32)):
        try:
            sock.setsockopt(socket.SOL_SOCKET, force, BUFFER_BYTES)
        except OSError:
            sock.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
