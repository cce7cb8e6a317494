"""TCP and TLS flows: framing, keep-alive, back-pressure (RFC 3261 18.3, RFC 5626 4.4.1)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from protocols.aio.flow import Address, Flow, FlowClosedError, Transport
from protocols.aio.gates import ConnectionGate
from protocols.sip.framer import FramingFault, Ping, Pong, StreamFramer
from protocols.sip.limits import DEFAULT_LIMITS, Limits
from protocols.sip.message import Message

logger = logging.getLogger(__name__)

# Linux's value; not every platform's socket module names it.
_TCP_USER_TIMEOUT: Final = getattr(socket, "TCP_USER_TIMEOUT", None)


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """When a connection costs more than it is worth."""

    high_water: int = 1024 * 1024  # unsent bytes beyond which the flow is dropped
    message_idle: float = 10.0  # seconds a begun message may take to complete
    first_message: float = 30.0  # seconds an accepted connection may stay silent at first
    user_timeout: float = 20.0  # seconds sent data may stay unacknowledged (TCP_USER_TIMEOUT)
    handshake: float = 10.0  # seconds for connect or accept including TLS


class StreamEvents(Protocol):
    """What the owner of stream flows hears."""

    def stream_opened(self, flow: StreamFlow) -> None: ...

    def stream_message(self, flow: StreamFlow, message: Message) -> None: ...

    def stream_fault(self, flow: StreamFlow, fault: FramingFault) -> None: ...

    def stream_closed(self, flow: StreamFlow, reason: str) -> None: ...

    def traffic(self, flow: Flow, direction: str, data: bytes) -> None: ...


class StreamFlow(Flow, asyncio.Protocol):
    """A TCP or TLS connection; it is the asyncio protocol of its transport."""

    def __init__(
        self,
        transport: Transport,
        events: StreamEvents,
        *,
        limits: StreamLimits,
        sip_limits: Limits = DEFAULT_LIMITS,
        check_peer: Callable[[StreamFlow], str | None] | None = None,
        server_name: str | None = None,
        accepted: bool = False,
    ) -> None:
        super().__init__(transport, Address("", 0), Address("", 0))
        self.accepted = accepted
        self.server_name = server_name
        self._events = events
        self._limits = limits
        self._check_peer = check_peer
        self._framer = StreamFramer(sip_limits)
        self._wire: asyncio.Transport | None = None
        self._certificate: dict[str, Any] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._ping: asyncio.TimerHandle | None = None
        self._pong: asyncio.TimerHandle | None = None
        self._pinged_at = 0.0
        self._opened = False
        self.on_end: Callable[[], None] | None = None  # the listener's: release its gate

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = transport = cast(asyncio.Transport, transport)
        self.local = _address(transport.get_extra_info("sockname"))
        self.peer = _address(transport.get_extra_info("peername"))
        self._certificate = transport.get_extra_info("peercert") or None
        _tune(transport.get_extra_info("socket"), self._limits)
        refusal = self._check_peer(self) if self._check_peer is not None else None
        if refusal is not None:
            self.close_reason = refusal
            transport.abort()
            return
        self._opened = True
        if self.accepted:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._limits.first_message, self._silent)
        self._events.stream_opened(self)

    def data_received(self, data: bytes) -> None:
        if not self.alive:
            return
        self.heard_at = asyncio.get_running_loop().time()
        self._events.traffic(self, "in", data)
        try:
            frames = self._framer.feed(data)
        except Exception:
            # A fault of ours: where the next message begins is unknown now.
            logger.exception("%s: framing failed", self.id)
            self.close("internal error")
            return
        for frame in frames:
            if self.close_reason is not None:
                return
            if isinstance(frame, Ping):
                self._write(b"\r\n")
            elif isinstance(frame, Pong):
                if self._pong is not None:
                    self.round_trip = self.heard_at - self._pinged_at
                self._stop_pong()
            elif isinstance(frame, FramingFault):
                self._events.stream_fault(self, frame)
                if frame.fatal:
                    self.close(f"framing: {frame.reason}")
                    return
            else:
                self._stop_pong()
                self._events.stream_message(self, frame)
        if self.close_reason is None:
            self._watch_incomplete(bool(frames))

    def eof_received(self) -> bool:
        return False  # close our side too: half-open SIP connections are of no use

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(str(exc) if exc else "closed by peer")

    # Flow

    @property
    def is_open(self) -> bool:
        """Whether the connection was made (with TLS: the handshake done) and has not ended."""
        return self._opened

    @property
    def peer_certificate(self) -> dict[str, Any] | None:
        return self._certificate

    @property
    def tls_version(self) -> str | None:
        found = None if self._wire is None else self._wire.get_extra_info("ssl_object")
        return None if found is None else str(found.version())

    def send(self, data: bytes) -> None:
        if not self.alive or self._wire is None or self._wire.is_closing():
            raise FlowClosedError(f"{self.id} is closed: {self.close_reason}")
        self._write(data)
        self._events.traffic(self, "out", data)
        if not self.alive:
            raise FlowClosedError(f"{self.id}: {self.close_reason}")

    def close(self, reason: str) -> None:
        if self._wire is not None and not self._wire.is_closing():
            self._wire.close()
        self._end(reason)

    def start_keepalive(self, interval: float = 25.0, pong_timeout: float = 10.0) -> None:
        if self._ping is not None:
            self._ping.cancel()
        if self.alive:
            self._arm_ping(interval, pong_timeout)

    # Inside

    def _write(self, data: bytes) -> None:
        wire = self._wire
        if wire is None or wire.is_closing():
            return
        wire.write(data)
        if wire.get_write_buffer_size() > self._limits.high_water:
            # The peer does not read: better one lost flow than memory without bound.
            wire.abort()
            self._end("peer does not read")

    def _arm_ping(self, interval: float, pong_timeout: float) -> None:
        # RFC 5626 4.4.1: between 80 and 100 % of the interval, so that flows drift apart.
        loop = asyncio.get_running_loop()
        delay = interval * random.uniform(0.8, 1.0)
        self._ping = loop.call_later(delay, self._send_ping, interval, pong_timeout)

    def _send_ping(self, interval: float, pong_timeout: float) -> None:
        if not self.alive:
            return
        loop = asyncio.get_running_loop()
        self._write(b"\r\n\r\n")
        if self._pong is None:
            self._pinged_at = loop.time()
            self._pong = loop.call_later(pong_timeout, self._no_pong)
        self._arm_ping(interval, pong_timeout)

    def _no_pong(self) -> None:
        # RFC 5626 4.4.1: no pong within 10 s: the flow has failed.
        self._pong = None
        if self._wire is not None:
            self._wire.abort()
        self._end("no keep-alive answer")

    def _stop_pong(self) -> None:
        if self._pong is not None:
            self._pong.cancel()
            self._pong = None

    def _watch_incomplete(self, progress: bool) -> None:
        """A message that has begun must be whole in time, however slowly bytes trickle in."""
        if progress and self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._framer.pending and self._idle is None:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._limits.message_idle, self._incomplete)

    def _silent(self) -> None:
        self._idle = None
        self.close("no message arrived")

    def _incomplete(self) -> None:
        self._idle = None
        self.close("message never completed")

    def _end(self, reason: str) -> None:
        if self.close_reason is not None and not self._opened:
            return
        for handle in (self._idle, self._ping, self._pong):
            if handle is not None:
                handle.cancel()
        self._idle = self._ping = self._pong = None
        if self.close_reason is None:
            self.close_reason = reason
        if self._opened:
            self._opened = False
            if self.on_end is not None:
                self.on_end()
            self._events.stream_closed(self, self.close_reason)


def _address(name: Any) -> Address:
    return Address(str(name[0]), int(name[1])) if name else Address("", 0)


def _tune(sock: Any, limits: StreamLimits) -> None:
    if sock is None or _TCP_USER_TIMEOUT is None:
        return
    with contextlib.suppress(OSError):  # a refinement: the keep-alive notices silence as well
        sock.setsockopt(socket.IPPROTO_TCP, _TCP_USER_TIMEOUT, int(limits.user_timeout * 1000))


class StreamListener:
    """Accepts connections. The gate sees the peer's address before any TLS work is done."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        make_flow: Callable[[], StreamFlow],
        start: Callable[[Any, str], Any],
        limits: StreamLimits,
        ssl_context: ssl.SSLContext | None = None,
        gate: ConnectionGate | None = None,
        backlog: int = 512,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._sock = socket.create_server((host, port), family=family, backlog=backlog)
        self._sock.setblocking(False)
        self.local = Address(*self._sock.getsockname()[:2])
        self._make_flow = make_flow
        self._start = start
        self._limits = limits
        self._ssl = ssl_context
        self._gate = gate
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._sock, self._acceptable)

    def _acceptable(self) -> None:
        for _ in range(32):
            try:
                connection, peer = self._sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:  # out of descriptors: try again later, keep listening
                logger.error("accept on %s failed: %s", self.local, error)
                self._loop.remove_reader(self._sock)
                self._loop.call_later(1.0, self._resume)
                return
            if self._gate is not None and not self._gate.admit(peer[0]):
                connection.close()
                continue
            connection.setblocking(False)
            self._start(self._take(connection, peer), f"accept {peer[0]}:{peer[1]}")

    def _resume(self) -> None:
        if self._sock.fileno() >= 0:
            self._loop.add_reader(self._sock, self._acceptable)

    async def _take(self, connection: socket.socket, peer: Any) -> None:
        timeout = self._limits.handshake if self._ssl is not None else None
        flow = self._make_flow()
        try:
            await self._loop.connect_accepted_socket(
                lambda: flow, connection, ssl=self._ssl, ssl_handshake_timeout=timeout
            )
        except OSError as error:
            logger.info("connection from %s:%s refused: %s", peer[0], peer[1], error)
        finally:
            if self._gate is not None:
                if flow.is_open:
                    flow.on_end = lambda: self._released(peer[0])
                else:
                    self._gate.release(peer[0])
        # The transport closes the socket, also when the handshake failed: to close it here
        # would free its number while the loop still watches it.

    def _released(self, host: str) -> None:
        if self._gate is not None:
            self._gate.release(host)

    def close(self) -> None:
        if self._sock.fileno() >= 0:
            self._loop.remove_reader(self._sock)
            self._sock.close()
