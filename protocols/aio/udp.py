"""UDP: one port, many flows (a flow is the local address together with the peer's)."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import sys
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from protocols.aio.flow import Address, Flow, FlowClosedError

logger = logging.getLogger(__name__)

MAX_DATAGRAM: Final = 65_535
_BATCH: Final = 64  # datagrams per wake-up: other flows must get their turn
_QUEUE: Final = 512  # datagrams held while the socket is full
_KNOWN_FLOWS: Final = 10_000
_RECEIVE_BUFFER: Final = 1024 * 1024  # the kernel grants what its own limit allows

Receive = Callable[[bytes, Address, str], None]  # data, peer, local host it came in on


class UdpPort(Protocol):
    """A bound UDP socket, real or simulated."""

    local: Address
    on_unreachable: Callable[[Address], None] | None

    def send(self, data: bytes, peer: Address, source: str) -> None: ...

    def close(self) -> None: ...


OpenUdp = Callable[[str, int, Receive], UdpPort]


class SocketUdpPort:
    """The real thing. Bound to a wildcard it learns each datagram's local address
    (IP_PKTINFO) and answers from it: a multi-homed host must not answer from elsewhere.
    """

    def __init__(self, host: str, port: int, receive: Receive) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._sock = socket.socket(family, socket.SOCK_DGRAM)
        self._sock.setblocking(False)
        self._receive = receive
        self._waiting: deque[tuple[bytes, Address, str]] = deque()
        self._closed = False
        self.on_unreachable: Callable[[Address], None] | None = None
        try:
            self._wildcard = host in ("0.0.0.0", "::")  # noqa: S104
            if self._wildcard and sys.platform != "win32":
                self._ask_for_local_address(family)
            if sys.platform == "linux":
                # Without it Linux tells an unconnected socket nothing of ICMP errors.
                level, option = (
                    (socket.IPPROTO_IPV6, _IPV6_RECVERR)
                    if family == socket.AF_INET6
                    else (socket.IPPROTO_IP, _IP_RECVERR)
                )
                self._sock.setsockopt(level, option, 1)
            # A burst (a PBX that comes back) must not be lost in the kernel.
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            self._sock.bind((host, port))
        except OSError:
            self._sock.close()
            raise
        self._family = family
        self.local = Address(*self._sock.getsockname()[:2])
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._sock, self._readable)

    def _ask_for_local_address(self, family: int) -> None:
        if family == socket.AF_INET:
            self._sock.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        else:
            self._sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
            self._sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)

    def _readable(self) -> None:
        for _ in range(_BATCH):
            try:
                if self._wildcard:
                    data, ancillary, _flags, peer = self._sock.recvmsg(MAX_DATAGRAM, 256)
                    source = _local_host(ancillary) or self.local.host
                else:
                    data, peer = self._sock.recvfrom(MAX_DATAGRAM)
                    source = self.local.host
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:  # an ICMP error of an earlier datagram
                logger.debug("udp %s: %s", self.local, error)
                self._read_errors()
                continue
            self._receive(data, Address(peer[0], peer[1]), source)
            if self._closed:
                return

    def send(self, data: bytes, peer: Address, source: str) -> None:
        """Send now, or when the socket has room again; beyond the queue the oldest is lost."""
        if self._closed:
            raise FlowClosedError(f"udp {self.local} is closed")
        if self._waiting:
            self._hold(data, peer, source)
            return
        try:
            try:
                self._send_now(data, peer, source)
            except ConnectionRefusedError:
                # The error of an earlier datagram, to whomever: note it, then send this one.
                self._loop.call_soon(self._read_errors)
                self._send_now(data, peer, source)
        except (BlockingIOError, InterruptedError):
            self._hold(data, peer, source)

    def _read_errors(self) -> None:
        """The error queue names whom a failed datagram was for (RFC 3261 18.4)."""
        if sys.platform != "linux":
            return
        while not self._closed:
            try:
                _, _, _, peer = self._sock.recvmsg(1, 512, socket.MSG_ERRQUEUE)
            except OSError:
                return
            if peer and self.on_unreachable is not None:
                self.on_unreachable(Address(peer[0], peer[1]))

    def _send_now(self, data: bytes, peer: Address, source: str) -> None:
        if not self._wildcard or not source or source in ("0.0.0.0", "::"):  # noqa: S104
            self._sock.sendto(data, tuple(peer))
            return
        if self._family == socket.AF_INET:
            info = struct.pack("=I4s4s", 0, socket.inet_aton(source), b"\0" * 4)
            control = (socket.IPPROTO_IP, _IP_PKTINFO, info)
        else:
            packed = socket.inet_pton(socket.AF_INET6, source.partition("%")[0])
            control = (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, packed + struct.pack("=I", 0))
        self._sock.sendmsg([data], [control], 0, tuple(peer))

    def _hold(self, data: bytes, peer: Address, source: str) -> None:
        if len(self._waiting) >= _QUEUE:
            self._waiting.popleft()
        if not self._waiting:
            self._loop.add_writer(self._sock, self._writable)
        self._waiting.append((data, peer, source))

    def _writable(self) -> None:
        while self._waiting:
            try:
                self._send_now(*self._waiting[0])
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                logger.info("udp send to %s failed: %s", self._waiting[0][1], error)
            self._waiting.popleft()
        self._loop.remove_writer(self._sock)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._loop.remove_reader(self._sock)
        self._loop.remove_writer(self._sock)
        self._waiting.clear()
        self._sock.close()


# Linux's values; Python 3.11 does not name the constants.
_IP_PKTINFO: Final = getattr(socket, "IP_PKTINFO", 8)
_IP_RECVERR: Final = 11
_IPV6_RECVERR: Final = 25


def _local_host(ancillary: list[tuple[int, int, bytes]]) -> str | None:
    for level, kind, data in ancillary:
        if level == socket.IPPROTO_IP and kind == _IP_PKTINFO and len(data) >= 12:
            return socket.inet_ntoa(data[8:12])  # ipi_addr: the destination of the datagram
        if level == socket.IPPROTO_IPV6 and kind == socket.IPV6_PKTINFO and len(data) >= 16:
            return socket.inet_ntop(socket.AF_INET6, data[:16])
    return None


class UdpFlow(Flow):
    """One peer of a UDP port."""

    __slots__ = ("_keepalive", "_on_sent", "owner")

    def __init__(self, owner: UdpSocket, local: Address, peer: Address) -> None:
        super().__init__("UDP", local, peer)
        self.owner = owner
        self._keepalive: asyncio.TimerHandle | None = None

    def send(self, data: bytes) -> None:
        if not self.alive:
            raise FlowClosedError(f"{self.id} is closed: {self.close_reason}")
        self.owner.send(self, data)

    def start_keepalive(self, interval: float = 25.0, pong_timeout: float = 10.0) -> None:
        """Refresh the NAT binding; over UDP nobody answers CRLFCRLF (RFC 5626 uses STUN)."""
        if self._keepalive is not None:
            self._keepalive.cancel()
        loop = asyncio.get_running_loop()
        self._keepalive = loop.call_later(interval, self._refresh, interval)

    def _refresh(self, interval: float) -> None:
        if not self.alive:
            return
        try:
            self.send(b"\r\n\r\n")
        except OSError as error:
            logger.info("%s keep-alive failed: %s", self.id, error)
        loop = asyncio.get_running_loop()
        self._keepalive = loop.call_later(interval, self._refresh, interval)

    def close(self, reason: str) -> None:
        if not self.alive:
            return
        self.close_reason = reason
        if self._keepalive is not None:
            self._keepalive.cancel()
        self.owner.forget(self, reason)


class UdpSocket:
    """A UDP port and the flows seen on it."""

    def __init__(
        self,
        open_udp: OpenUdp,
        host: str,
        port: int,
        *,
        received: Callable[[UdpFlow, bytes], None],
        sent: Callable[[Flow, bytes], None],
        closed: Callable[[Flow, str], None],
        unreachable: Callable[[UdpFlow], None],
    ) -> None:
        self._received = received
        self._sent = sent
        self._closed = closed
        self._unreachable = unreachable
        self._flows: OrderedDict[tuple[Address, str], UdpFlow] = OrderedDict()
        self.bound_host = host
        self.port: UdpPort = open_udp(host, port, self._datagram)
        self.port.on_unreachable = self._peer_unreachable
        self.local = self.port.local

    def flow(self, peer: Address, source: str) -> UdpFlow:
        """The flow between `source` (a local host) and `peer`."""
        key = (peer, source)
        flow = self._flows.get(key)
        if flow is None:
            flow = UdpFlow(self, Address(source, self.local.port), peer)
            self._flows[key] = flow
            if len(self._flows) > _KNOWN_FLOWS:
                # A flow is made for every source address, and those can be forged.
                _, oldest = self._flows.popitem(last=False)
                logger.debug("%s forgotten: too many UDP peers", oldest.id)
        return flow

    def _datagram(self, data: bytes, peer: Address, source: str) -> None:
        self._received(self.flow(peer, source), data)

    def send(self, flow: UdpFlow, data: bytes) -> None:
        self.port.send(data, flow.peer, flow.local.host)
        self._sent(flow, data)

    def _peer_unreachable(self, peer: Address) -> None:
        for flow in [flow for (known, _), flow in self._flows.items() if known == peer]:
            self._unreachable(flow)

    def forget(self, flow: UdpFlow, reason: str) -> None:
        if self._flows.pop((flow.peer, flow.local.host), None) is not None:
            self._closed(flow, reason)

    def close(self, reason: str) -> None:
        for flow in list(self._flows.values()):
            flow.close(reason)
        self.port.close()


def source_towards(peer: Address) -> str:
    """The local address the system would use towards `peer` (no packet is sent)."""
    family = socket.AF_INET6 if ":" in peer.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((peer.host, peer.port or 9))
        host: Any = probe.getsockname()[0]
        return str(host)
