"""Socket addresses as the kernel writes them, so that the media loop compares without parsing."""

from __future__ import annotations

import ipaddress
import socket
import struct

Address = tuple[str, int]

SOCKADDR_SIZE = 28  # sizeof(struct sockaddr_in6), the larger of the two


def family_of(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def sockaddr(address: Address) -> bytes:
    """struct sockaddr_in or sockaddr_in6 in the layout of Linux."""
    host, port = address
    if family_of(host) is socket.AF_INET6:
        packed = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
        return struct.pack("=H", socket.AF_INET6) + struct.pack("!HI", port, 0) + packed + bytes(4)
    head = struct.pack("=H", socket.AF_INET) + struct.pack("!H", port)
    return head + socket.inet_aton(host) + bytes(8)


def from_sockaddr(raw: bytes) -> Address:
    (family,) = struct.unpack_from("=H", raw)
    (port,) = struct.unpack_from("!H", raw, 2)
    if family == socket.AF_INET6:
        return socket.inet_ntop(socket.AF_INET6, raw[8:24]), port
    return socket.inet_ntoa(raw[4:8]), port


def v4_key(address: Address) -> int:
    """The first eight octets of sockaddr_in read as one native integer: family, port, host."""
    key: int = struct.unpack("=Q", sockaddr(address)[:8])[0]
    return key


def is_usable(host: str, port: int) -> bool:
    """May a peer ask us to send media there? Not to groups, nowhere, or port 0."""
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return False
    return 0 < port < 65536 and not (ip.is_multicast or ip.is_unspecified)
