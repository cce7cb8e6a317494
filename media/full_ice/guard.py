"""Only sources that passed a connectivity check reach DTLS and SRTP (aioice lets all through).

Anyone who sends a ClientHello or a fatal alert to the port during set-up would otherwise end the
handshake. This uses private names of aioice 0.13 (``_protocols``, ``_check_list``,
``_nominated``); the version is pinned and a test holds the names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aioice import ice

from media.worker.addresses import Address

OnData = Callable[[bytes, Address], None]


def verified(connection: ice.Connection, protocol: Any, source: Address) -> bool:
    """Did a check on this protocol succeed with ``source``, peer-reflexive pairs included?"""
    pairs = [*connection._nominated.values(), *connection._check_list]
    succeeded = ice.CandidatePair.State.SUCCEEDED
    return any(
        p.protocol is protocol and p.remote_addr == source and (p.nominated or p.state == succeeded)
        for p in pairs
    )


class SourceGuard:
    """Stands before every protocol of one connection, host sockets and relays alike."""

    def __init__(self, connection: ice.Connection, on_data: OnData) -> None:
        self.connection = connection
        self.on_data = on_data
        self.dropped = 0
        self._known: set[tuple[int, Address]] = set()
        for protocol in connection._protocols:
            self._stand_before(protocol)

    def _stand_before(self, protocol: Any) -> None:
        original = protocol.datagram_received

        def guarded(data: bytes, addr: tuple[Any, ...]) -> None:
            source: Address = (addr[0], addr[1])
            if not data or data[0] < 4:  # RFC 7983: STUN, which ICE itself authenticates
                original(data, addr)
            elif self._admits(protocol, source):
                self.on_data(data, source)
            else:
                self.dropped += 1

        protocol.datagram_received = guarded

    def _admits(self, protocol: Any, source: Address) -> bool:
        key = (id(protocol), source)
        if key in self._known:
            return True
        if not verified(self.connection, protocol, source):
            return False
        self._known.add(key)
        return True


def send_now(connection: ice.Connection, data: bytes) -> bool:
    """Send on the nominated pair without a task per packet; False while there is none."""
    pair = connection._nominated.get(1)
    if pair is None or pair.protocol.transport is None:
        return False
    pair.protocol.transport.sendto(data, pair.remote_addr)
    return True
