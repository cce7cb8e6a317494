"""A UDP socket of one leg in the media loop: slow while its peer is unknown, then connected.

Connecting lets the kernel drop every other source and saves the address work per packet.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial

from media.worker import mmsg
from media.worker.addresses import Address
from media.worker.plane import MediaPlane
from media.worker.port import MediaPort

MAX_PER_EVENT = 64
# (slot, length, source, now) -> does this source now own the socket?
Inspect = Callable[[int, int, Address, float], bool]


class LegSocket:
    """Used on the media thread, except for construction and ``send``."""

    def __init__(
        self, plane: MediaPlane, sock: socket.socket, port: MediaPort, inspect: Inspect
    ) -> None:
        self.plane = plane
        self.sock = sock
        self.port = port
        self.inspect = inspect
        self.peer: Address | None = None
        self.is_open = True
        self.recv_into: Callable[[memoryview], int] = sock.recv_into
        host, number = sock.getsockname()[:2]
        self.local: Address = (host, number)

    def open(self) -> None:
        """Begin to read (media thread)."""
        self.plane.add_socket(self.sock, self._read)

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            self.plane.remove_socket(self.sock)

    def send(self, data: bytes, address: Address) -> None:
        """A control packet, from either thread."""
        try:
            if self.peer == address:
                self.sock.send(data)
            else:
                self.sock.sendto(data, address)
        except OSError:
            pass  # UDP promises nothing; the peer retransmits

    def bind_peer(self, address: Address) -> None:
        """From now on only ``address`` is heard and sent to (media thread)."""
        self.release_peer()
        port = self.port
        self._point(address)
        if self.plane.forwarder.batched:
            try:
                self.sock.connect(address)
            except OSError:
                port.fast_send = partial(_send_to, self.sock, address)
                return
            self.peer = address
            self.plane.connected[self.sock.fileno()] = self
            port.fast_send = self.sock.send
        else:
            port.fast_send = partial(_send_to, self.sock, address)

    def aim(self, address: Address) -> None:
        """Send to ``address`` but go on listening to all (media thread)."""
        self.release_peer()
        self._point(address)
        self.port.fast_send = partial(_send_to, self.sock, address)

    def _point(self, address: Address) -> None:
        port = self.port
        port.address, port.sock = address, self.sock
        if port.rtcp_sock is None:  # RTCP shares the port (RFC 5761)
            port.rtcp_address = address

    def release_peer(self) -> None:
        if self.peer is not None:
            self.peer = None
            self.plane.connected.pop(self.sock.fileno(), None)
            mmsg.disconnect(self.sock.fileno())

    def _read(self, now: float) -> int:
        if self.peer is not None:
            return self._read_connected(now)
        forwarder, count = self.plane.forwarder, 0
        while count < MAX_PER_EVENT and self.is_open:
            slot = forwarder.free_slot()
            try:
                length, source = self.sock.recvfrom_into(forwarder.slot_views[slot])
            except OSError:
                break
            count += 1
            address: Address = (source[0], source[1])
            if self.inspect(slot, length, address, now) and self.peer is None:
                self.bind_peer(address)
                # What other sources had queued before the kernel began to filter is read by this
                # same loop, with its check; only an empty queue leaves it.
        return count

    def _read_connected(self, now: float) -> int:
        """All that is there: the loop was kept from running and comes here when it is late."""
        count = 0
        while count < MAX_PER_EVENT and self.peer is not None:
            if not self.plane.forwarder.read_leg(self, now):
                break
            count += 1
        return count

    def other(self, i: int, length: int, now: float) -> None:
        if self.peer is not None:
            self.inspect(i, length, self.peer, now)


def _send_to(sock: socket.socket, address: Address, data: memoryview) -> int:
    return sock.sendto(data, address)
