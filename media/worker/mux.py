"""The one UDP port of a worker that all WebRTC legs share."""

from __future__ import annotations

import socket
from collections.abc import Callable

from media.worker.addresses import Address, sockaddr, v4_key
from media.worker.port import MediaPort

Key = int | bytes
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
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, 4 << 20)

    def key(self, address: Address) -> Key:
        return v4_key(address) if self.v4 else sockaddr(address)[:24]

    def send(self, data: bytes, address: Address) -> None:
        try:
            self.sock.sendto(data, address)
        except OSError:
            pass  # UDP promises nothing; the peer retransmits
