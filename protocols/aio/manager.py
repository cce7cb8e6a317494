"""Which flows exist: listeners, connections, who may be reused for which peer."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from typing import NamedTuple, Protocol

from protocols.aio.flow import Address, Flow, FlowClosedError, Transport
from protocols.aio.gates import ConnectionGate
from protocols.aio.resolver import Target
from protocols.aio.scope import TaskScope
from protocols.aio.tcp import StreamEvents, StreamFlow, StreamLimits, StreamListener
from protocols.aio.tls import TlsError, speaks_for
from protocols.aio.udp import OpenUdp, SocketUdpPort, UdpFlow, UdpSocket, source_towards
from protocols.sip.limits import DEFAULT_LIMITS, Limits
from protocols.sip.txn.routing import DEFAULT_PORTS, bare

logger = logging.getLogger(__name__)

_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104


class FlowEvents(StreamEvents, Protocol):
    """What the endpoint hears from its flows."""

    def datagram(self, flow: UdpFlow, data: bytes) -> None: ...

    def unreachable(self, flow: UdpFlow) -> None: ...


class Listener:
    """An open listening socket; `close` ends listening, not the flows that came in by it."""

    def __init__(self, transport: Transport, local: Address, closer: Callable[[], None]) -> None:
        self.transport: Transport = transport
        self.host = local.host
        self.port = local.port
        self._closer = closer

    def close(self) -> None:
        self._closer()


class _Reuse(NamedTuple):
    """A connection may be reused for the same transport, address and proven name (RFC 5923)."""

    transport: Transport
    host: str
    port: int
    domain: str


class FlowManager:
    """Owns every socket of one endpoint."""

    def __init__(
        self,
        events: FlowEvents,
        scope: TaskScope,
        *,
        tls_client: ssl.SSLContext | None = None,
        stream_limits: StreamLimits | None = None,
        sip_limits: Limits = DEFAULT_LIMITS,
        open_udp: OpenUdp | None = None,
        source_of: Callable[[Address], str] | None = None,
    ) -> None:
        self._events = events
        self._scope = scope
        self._tls_client = None if tls_client is None else _verifying(tls_client)
        self._stream_limits = stream_limits or StreamLimits()
        self._sip_limits = sip_limits
        self._open_udp: OpenUdp = open_udp or SocketUdpPort
        self._source_of = source_of or source_towards
        self._udp: list[UdpSocket] = []
        self._listeners: list[Listener] = []
        self._streams: set[StreamFlow] = set()
        self._reusable: dict[_Reuse, StreamFlow] = {}
        self._dials: dict[_Reuse, asyncio.Future[StreamFlow]] = {}

    # Listening

    def listen(
        self,
        transport: Transport,
        host: str,
        port: int,
        ssl_context: ssl.SSLContext | None,
        gate: ConnectionGate | None,
    ) -> Listener:
        if transport == "UDP":
            socket = self._bind_udp(host, port)
            listener = Listener("UDP", socket.local, lambda: self._stop(listener, socket=socket))
        else:
            if (transport == "TLS") != (ssl_context is not None):
                raise ValueError("a TLS listener needs an SSL context, a TCP listener has none")
            streams = StreamListener(
                host,
                port,
                make_flow=lambda: self._make_stream(transport, accepted=True),
                start=self._scope.start,
                limits=self._stream_limits,
                ssl_context=ssl_context,
                gate=gate,
            )
            listener = Listener(
                transport, streams.local, lambda: self._stop(listener, streams=streams)
            )
        self._listeners.append(listener)
        return listener

    def listening_port(self, transport: Transport, host: str) -> int | None:
        """The port on which this transport listens at `host`, for Via and Contact."""
        for listener in self._listeners:
            if listener.transport == transport and (
                listener.host == host
                or (listener.host in _WILDCARDS and (":" in listener.host) == (":" in host))
            ):
                return listener.port
        return None

    def _bind_udp(self, host: str, port: int) -> UdpSocket:
        socket = UdpSocket(
            self._open_udp,
            host,
            port,
            received=self._events.datagram,
            sent=lambda flow, data: self._events.traffic(flow, "out", data),
            closed=lambda flow, reason: None,
            unreachable=self._events.unreachable,
        )
        self._udp.append(socket)
        return socket

    def _stop(
        self,
        listener: Listener,
        *,
        socket: UdpSocket | None = None,
        streams: StreamListener | None = None,
    ) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)
        if streams is not None:
            streams.close()
        if socket is not None and socket in self._udp:
            self._udp.remove(socket)
            socket.close("listener closed")

    # Reaching a peer

    def udp_flow(self, peer: Address) -> UdpFlow:
        """A UDP flow to `peer`, from the socket that the system would route by."""
        six = ":" in peer.host
        sockets = [s for s in self._udp if (":" in s.bound_host) == six]
        if len(sockets) == 1 and sockets[0].bound_host not in _WILDCARDS:
            return sockets[0].flow(peer, sockets[0].bound_host)
        source = self._source_of(peer)
        if not sockets:
            sockets = [self._bind_udp("::" if six else "0.0.0.0", 0)]  # noqa: S104
        # The address the system would send from, else a wildcard, else any.
        best = min(sockets, key=lambda s: (s.bound_host != source, s.bound_host not in _WILDCARDS))
        return best.flow(peer, source if best.bound_host in _WILDCARDS else best.bound_host)

    def existing(self, target: Target) -> Flow | None:
        """A flow to the target that is there already; UDP always is."""
        if target.transport == "UDP":
            return self.udp_flow(Address(target.host, target.port))
        flow = self._reusable.get(_reuse(target))
        return flow if flow is not None and flow.alive else None

    async def flow_to(self, target: Target) -> Flow:
        """Reuse or open; concurrent callers share one attempt (single flight)."""
        flow = self.existing(target)
        if flow is not None:
            return flow
        key = _reuse(target)
        dial = self._dials.get(key)
        if dial is None:
            dial = self._dials[key] = asyncio.get_running_loop().create_future()
            self._scope.start(self._dial(key, dial), f"connect {target.host}:{target.port}")
        return await asyncio.shield(dial)

    async def _dial(self, key: _Reuse, dial: asyncio.Future[StreamFlow]) -> None:
        """Everyone who waits for `dial` gets the flow, or the same error."""
        try:
            flow = await self.connect(key.transport, key.host, key.port, key.domain, None)
        except OSError as error:
            dial.set_exception(error)
            dial.exception()  # seen, should nobody wait any more
        else:
            self._reusable[key] = flow
            dial.set_result(flow)
        finally:
            self._dials.pop(key, None)
            if not dial.done():
                dial.set_exception(FlowClosedError("the attempt was abandoned"))
                dial.exception()

    async def connect(
        self,
        transport: Transport,
        host: str,
        port: int,
        server_name: str,
        ssl_context: ssl.SSLContext | None,
    ) -> StreamFlow:
        """Open a new connection. Raises OSError (TlsError for a certificate that does not fit)."""
        context = self._client_context(ssl_context) if transport == "TLS" else None
        flow = self._make_stream(transport, server_name=server_name, accepted=False)
        loop = asyncio.get_running_loop()
        timeout = self._stream_limits.handshake
        try:
            async with asyncio.timeout(timeout):
                await loop.create_connection(
                    lambda: flow,
                    host,
                    port,
                    ssl=context,
                    server_hostname=server_name if context is not None else None,
                )
        except TimeoutError as error:
            raise TimeoutError(f"no connection to {host}:{port} within {timeout:g} s") from error
        if not flow.alive:
            if transport == "TLS":
                raise TlsError(flow.close_reason or "refused")
            raise FlowClosedError(flow.close_reason or "closed at once")
        return flow

    def _client_context(self, given: ssl.SSLContext | None) -> ssl.SSLContext:
        context = given or self._tls_client
        if context is None:
            raise TlsError("no TLS client context is configured")
        return _verifying(context)

    def _make_stream(
        self, transport: Transport, *, server_name: str | None = None, accepted: bool
    ) -> StreamFlow:
        check = _check_name if transport == "TLS" and not accepted else None
        return StreamFlow(
            transport,
            self._events,
            limits=self._stream_limits,
            sip_limits=self._sip_limits,
            check_peer=check,
            server_name=server_name,
            accepted=accepted,
        )

    def add_alias(self, flow: StreamFlow, host: str, port: int | None) -> None:
        """RFC 5923 section 8.2: requests to this peer's own address may use its connection.

        Only when its certificate, which it had to prove, speaks for the sent-by it names:
        otherwise anyone could draw another's calls to himself.
        """
        certificate = flow.peer_certificate
        name = bare(host)
        if certificate is None or not speaks_for(certificate, name):
            return
        key = _Reuse("TLS", flow.peer.host, port or DEFAULT_PORTS["TLS"], name.lower())
        known = self._reusable.get(key)
        if known is None or not known.alive:
            self._reusable[key] = flow

    # Book-keeping, told by the endpoint

    def opened(self, flow: StreamFlow) -> None:
        self._streams.add(flow)

    def closed(self, flow: StreamFlow) -> None:
        self._streams.discard(flow)
        for key, known in list(self._reusable.items()):
            if known is flow:
                del self._reusable[key]

    @property
    def flows(self) -> list[StreamFlow]:
        return list(self._streams)

    def close(self) -> None:
        for listener in list(self._listeners):
            listener.close()
        for flow in list(self._streams):
            flow.close("endpoint closed")
        for socket in list(self._udp):
            socket.close("endpoint closed")
        self._udp.clear()


def _verifying(context: ssl.SSLContext) -> ssl.SSLContext:
    if context.verify_mode is not ssl.CERT_REQUIRED:
        raise ValueError("TLS without verification of the peer is not offered")
    return context


def _reuse(target: Target) -> _Reuse:
    domain = target.domain.lower() if target.transport == "TLS" else ""
    return _Reuse(target.transport, target.host, target.port, domain)


def _check_name(flow: StreamFlow) -> str | None:
    """RFC 5922 section 7.2 on the certificate of a server we connected to."""
    certificate = flow.peer_certificate
    name = flow.server_name or flow.peer.host
    if certificate is None or not speaks_for(certificate, name):
        return f"certificate does not speak for {name}"
    return None
