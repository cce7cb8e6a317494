"""`SipEndpoint`: sockets, flows and transactions behind one small interface."""

from __future__ import annotations

import asyncio
import logging
import secrets
import ssl
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from protocols.aio.acks import AckSender
from protocols.aio.driver import Driver, User
from protocols.aio.flow import Address, Flow, Transport
from protocols.aio.gates import CallableGate, ConnectionGate
from protocols.aio.manager import FlowManager, Listener
from protocols.aio.outbound import Outbound
from protocols.aio.resolver import DnsResolver, Resolver, Target, numeric_target
from protocols.aio.responding import response_flow, return_targets
from protocols.aio.scope import TaskScope
from protocols.aio.tcp import StreamFlow, StreamLimits
from protocols.aio.transactions import (
    ClientTransaction,
    OnResponse,
    Prepare,
    ServerTransaction,
)
from protocols.aio.udp import OpenUdp, UdpFlow
from protocols.sip.errors import ParseError, SipError
from protocols.sip.framer import FramingFault
from protocols.sip.headers import Via
from protocols.sip.limits import DEFAULT_LIMITS, Limits
from protocols.sip.message import Message, Request, Response
from protocols.sip.parser import parse_datagram
from protocols.sip.txn import ict
from protocols.sip.txn.effects import Stateless, StrayAck
from protocols.sip.txn.layer import MAGIC_COOKIE, MAX_SERVERS, Transaction, TransactionLayer
from protocols.sip.txn.routing import (
    mark_received,
    next_hop,
    reference,
)
from protocols.sip.txn.timers import Timers
from protocols.sip.uri import SipUri
from protocols.sip.validate import verdict

__all__ = ["ClientTransaction", "Listener", "ServerTransaction", "SipEndpoint"]

logger = logging.getLogger(__name__)


class SipEndpoint:
    """The SIP stack of one process. All callbacks are synchronous and in order of arrival.

    The user agent sets `on_request`, `on_ack`, `on_cancel`, `on_flow_opened`,
    `on_flow_closed`; `on_trace` gets every piece of data as it crosses the wire.

    `flows_only`: nothing a peer writes (Contact, Route, Via) may make us look up a name, open a
    connection or a socket. Requests without a living flow end with a local 503, ACKs and responses
    whose flow is gone are dropped. For an edge whose peers come in and are not to be trusted
    with our position in the network; `connect` still works, it is the owner's own wish.
    """

    def __init__(
        self,
        *,
        timers: Timers | None = None,
        resolver: Resolver | None = None,
        tls_client: ssl.SSLContext | None = None,
        user_agent: str = "Offhook",
        sip_limits: Limits = DEFAULT_LIMITS,
        stream_limits: StreamLimits | None = None,
        open_udp: OpenUdp | None = None,
        source_of: Callable[[Address], str] | None = None,
        message_gate: Callable[[Flow], bool] | None = None,
        max_transactions: int = MAX_SERVERS,
        flows_only: bool = False,
    ) -> None:
        self.timers = timers or Timers()
        self.user_agent = user_agent
        self.counters: Counter[str] = Counter()
        self.on_request: Callable[[ServerTransaction, Request, Flow], None] = _refuse
        self.on_ack: Callable[[Request, Flow], None] = _ignore_ack
        self.on_cancel: Callable[[ServerTransaction, Request], None] = _terminate
        self.on_flow_opened: Callable[[Flow], None] | None = None
        self.on_flow_closed: Callable[[Flow, str], None] | None = None
        self.on_trace: Callable[[dict[str, Any]], None] | None = None
        self.scope = TaskScope("sip")
        self.layer = TransactionLayer(self.timers, verdict, max_servers=max_transactions)
        self.manager = FlowManager(
            self,
            self.scope,
            tls_client=tls_client,
            stream_limits=stream_limits,
            sip_limits=sip_limits,
            open_udp=open_udp,
            source_of=source_of,
        )
        self._sip_limits = sip_limits
        self._message_gate = message_gate
        self._flows_only = flows_only
        self._resolver: Resolver = resolver or DnsResolver(transports=_spoken(tls_client))
        self._driver = Driver(
            self.layer,
            transmit=self._transmit,
            user_of=self._user_of,
            stray_ack=self._stray_ack,
            stateless=self._stateless,
            emptied=self._emptied,
        )
        self._acks = AckSender(
            self.manager, self._resolver, self.scope, self._via, flows_only=flows_only
        )
        self._waiting_for_idle: list[asyncio.Future[None]] = []
        self._closed = False

    # Flows

    async def listen(
        self,
        transport: Transport,
        host: str,
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        *,
        admit: Callable[[str], bool] | None = None,
        gate: ConnectionGate | None = None,
    ) -> Listener:
        """Open a listener. `admit(ip)` may refuse a connection before TLS begins; a `gate`
        (gates.py) also hears when the connection has ended, and so can count.
        """
        if admit is not None and gate is None:
            gate = CallableGate(admit)
        return self.manager.listen(transport, host, port, ssl_context, gate)

    async def connect(
        self,
        transport: Transport,
        host: str,
        port: int,
        *,
        server_name: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> Flow:
        """A flow of its own to that place (never a reused one). Raises OSError."""
        if transport == "UDP":
            infos = await asyncio.get_running_loop().getaddrinfo(host, port)
            return self.manager.udp_flow(Address(*infos[0][4][:2]))
        return await self.manager.connect(transport, host, port, server_name or host, ssl_context)

    def sent_by(self, flow: Flow) -> Address:
        """Where we can be reached over this flow's transport: for Via and Contact."""
        if flow.transport == "UDP":
            return flow.local
        port = self.manager.listening_port(flow.transport, flow.local.host)
        return Address(flow.local.host, port or flow.local.port)

    # Requests going out

    def request(
        self,
        request: Request,
        *,
        flow: Flow | None = None,
        on_response: OnResponse,
        prepare: Prepare | None = None,
    ) -> ClientTransaction:
        """Start a client transaction (a copy of `request` gets our Via on top).

        Every 1xx, 2xx (all forks) and final response goes to `on_response`, never before this
        method has returned. A timeout or a dead transport arrives as a local 408 or 503
        (`response.local`). `prepare` may finish each attempt's copy once its flow is known.
        Raises LocalError when the request cannot be written (CR, LF or NUL in a value).
        """
        client = ClientTransaction(self, request, on_response, prepare)
        if flow is not None:
            self.start_attempt(client, flow)
        elif self._flows_only:
            logger.info("%r has no flow to go out on", request)
            client.on_failed("transport")
        else:
            self._locate(client)
        client.returned = True
        return client

    def _locate(self, client: ClientTransaction) -> None:
        """Targets of the next hop: at once for a numeric host, else by the resolver."""
        try:
            hop = next_hop(client.original)
            target = numeric_target(hop) if hop is not None else None
        except SipError as error:
            logger.info("%r has no usable next hop: %s", client.original, error)
            client.on_failed("transport")
            return
        if hop is None:
            logger.info("%r names no SIP next hop", client.original)
            client.on_failed("transport")
        elif target is not None:
            self._go(client, [target])
        else:
            self.scope.start(self._resolve(client, hop), f"resolve {hop.host}")

    async def _resolve(self, client: ClientTransaction, hop: SipUri) -> None:
        try:
            targets = await self._resolver.resolve(hop)
        except OSError as error:
            logger.info("%s: %s", hop, error)
            targets = []
        if not client.finished:
            self._go(client, targets)

    def _go(self, client: ClientTransaction, targets: Sequence[Target]) -> None:
        if not Outbound(self, client, targets).next():
            client.on_failed("transport")

    def start_attempt(self, client: ClientTransaction, flow: Flow) -> None:
        """One attempt of a request on one flow."""
        if self._closed or not flow.alive:
            client.on_failed("transport")
            return
        message = client.original.copy()
        message.headers.prepend("Via", self._via(flow))
        try:
            if client.prepare is not None:
                client.prepare(message, flow)
            data = message.to_bytes()
        except Exception:
            self._bug(flow, f"finishing {message!r}")
            client.on_failed("transport")
            return
        attempt, steps = self.layer.start_client(
            message, reliable=flow.reliable, peer=flow, user=client
        )
        attempt.wire = (message, data)
        client.started(attempt, flow)
        self._driver.run(steps)

    def cancel_attempt(self, attempt: Transaction, headers: Sequence[tuple[str, str]]) -> None:
        self._driver.run(self.layer.cancel(attempt, headers))

    def abandon_attempt(self, attempt: Transaction) -> None:
        self._driver.fail(attempt)

    async def send(self, request: Request, *, flow: Flow | None = None) -> Response:
        """The final response to a request."""
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def on_response(response: Response, _: Flow | None) -> None:
            if response.status >= 200 and not future.done():
                future.set_result(response)

        self.request(request, flow=flow, on_response=on_response)
        return await future

    def send_ack(self, request: Request, flow: Flow | None = None) -> None:
        """Send the ACK to a 2xx. Puts a Via on `request` if it has none: re-send the same."""
        self._acks.send(request, flow)

    def _via(self, flow: Flow) -> str:
        host, port = self.sent_by(flow)
        branch = f"{MAGIC_COOKIE}{secrets.token_hex(10)}"
        # RFC 5923: whoever can prove our name may send us requests over this connection.
        alias = ";alias" if flow.secure and port != flow.local.port else ""
        # RFC 3581: rport always, the reply then comes back through any NAT in between.
        return f"SIP/2.0/{flow.transport} {reference(host)}:{port};branch={branch};rport{alias}"

    # Messages coming in (called by the flows)

    def datagram(self, flow: UdpFlow, data: bytes) -> None:
        self.traffic(flow, "in", data)
        if not data.strip(b"\r\n\0 "):
            return  # keep-alive of one kind or another
        try:
            message = parse_datagram(data, self._sip_limits)
        except ParseError as error:
            self._malformed(flow, error.status, error.partial, error.reason)
            return
        except Exception:
            self._bug(flow, "parsing a datagram")
            return
        self._received(flow, message)

    def stream_message(self, flow: StreamFlow, message: Message) -> None:
        self._received(flow, message)

    def stream_fault(self, flow: StreamFlow, fault: FramingFault) -> None:
        self._malformed(flow, fault.status, fault.partial, fault.reason)

    def unreachable(self, flow: UdpFlow) -> None:
        """An ICMP error: a transport error for what is still being sent there (18.4)."""
        self.counters["unreachable"] += 1
        for transaction in self.layer:
            ringing = transaction.machine.state is ict.State.PROCEEDING
            if transaction.peer is flow and not transaction.is_server and not ringing:
                self._driver.fail(transaction)

    def _received(self, flow: Flow, message: Message) -> None:
        if self._message_gate is not None and not self._message_gate(flow):
            self.counters["over the message rate"] += 1
            if flow.reliable:
                flow.close("too many messages")
            return
        try:
            if isinstance(message, Request):
                mark_received(message, flow.peer.host, flow.peer.port)
                self._note_alias(flow, message.via)
                steps = self.layer.receive_request(message, reliable=flow.reliable, peer=flow)
            else:
                steps = self.layer.receive_response(message)
                if not steps:
                    self.counters["unmatched responses"] += 1
        except ParseError as error:
            partial = message if isinstance(message, Request) else None
            self._malformed(flow, error.status, partial, error.reason)
            return
        except Exception:
            self._bug(flow, "matching a message")
            return
        self._driver.run(steps)

    def _note_alias(self, flow: Flow, via: Via) -> None:
        if flow.secure and isinstance(flow, StreamFlow) and via.param("alias") is not None:
            self.manager.add_alias(flow, via.host, via.port)

    def _bug(self, flow: Flow, doing: str) -> None:
        """A fault of ours costs one message, never the flow or other transactions."""
        self.counters["internal errors"] += 1
        logger.exception("%s: %s failed", flow.id, doing)

    def _malformed(
        self, flow: Flow, status: int | None, partial: Request | None, reason: str
    ) -> None:
        """Answer what can be answered (RFC 3261 8.2, 18.3), count what cannot."""
        self.counters["malformed"] += 1
        if status is None or partial is None or partial.method == "ACK":
            logger.info("%s: dropped a malformed message: %s", flow.id, reason)
            return
        logger.info("%s: %d to a malformed request: %s", flow.id, status, reason)
        try:
            mark_received(partial, flow.peer.host, flow.peer.port)
            response = Response.for_request(partial, status, to_tag=secrets.token_hex(6))
            self._way_back(flow, response).send(response.to_bytes())
        except (OSError, SipError) as error:
            logger.info("%s: it could not be answered: %s", flow.id, error)

    def traffic(self, flow: Flow, direction: str, data: bytes) -> None:
        if self.on_trace is None:
            return
        record = {
            "time": time.time(),
            "direction": direction,
            "flow": flow.id,
            "transport": flow.transport,
            "local": str(flow.local),
            "peer": str(flow.peer),
            "data": data,
        }
        try:
            self.on_trace(record)
        except Exception:
            self._bug(flow, "tracing")

    def stream_opened(self, flow: StreamFlow) -> None:
        self.manager.opened(flow)
        if flow.accepted and self.on_flow_opened is not None:
            try:
                self.on_flow_opened(flow)
            except Exception:
                self._bug(flow, "on_flow_opened")

    def stream_closed(self, flow: StreamFlow, reason: str) -> None:
        self.manager.closed(flow)
        for transaction in self.layer:
            # Nobody will answer over a dead connection: requests in flight fail at once.
            # Server transactions stay: their response may take another way (18.2.2).
            if transaction.peer is flow and not transaction.is_server:
                self._driver.fail(transaction)
        if self.on_flow_closed is not None:
            try:
                self.on_flow_closed(flow, reason)
            except Exception:
                self._bug(flow, "on_flow_closed")

    # What the driver needs

    def _user_of(self, transaction: Transaction) -> User | None:
        if transaction.user is None and transaction.is_server:
            transaction.user = ServerTransaction(self, transaction, transaction.peer)
        user: User | None = transaction.user
        return user

    def _stray_ack(self, stray: StrayAck) -> None:
        self.on_ack(stray.ack, stray.peer)

    def _stateless(self, refusal: Stateless) -> None:
        self.counters["refused, too many transactions"] += 1
        try:
            self._way_back(refusal.peer, refusal.response).send(refusal.response.to_bytes())
        except OSError as error:
            logger.info("%s: %s", refusal.peer.id, error)

    def _transmit(self, transaction: Transaction, message: Message) -> None:
        flow: Flow = transaction.peer
        if transaction.wire is None or transaction.wire[0] is not message:
            transaction.wire = (message, message.to_bytes())
        data = transaction.wire[1]
        if isinstance(message, Request):
            flow.send(data)
            return
        try:
            self._way_back(flow, message).send(data)
        except OSError:
            if not flow.reliable or self._closed or self._flows_only:
                raise
            self.scope.start(self._respond_anew(transaction, message), "respond anew")

    def _way_back(self, flow: Flow, response: Response) -> Flow:
        """Where a response goes (18.2.2); with `flows_only` never where a Via says."""
        return flow if self._flows_only else response_flow(flow, response)

    async def _respond_anew(self, transaction: Transaction, response: Response) -> None:
        """18.2.2: the connection is gone: open one to where Via says (RFC 3263 section 5)."""
        transport: Transport = transaction.peer.transport
        for target in await return_targets(self._resolver, transport, response.via):
            try:
                transaction.peer = await self.manager.flow_to(target)
                transaction.peer.send(response.to_bytes())
            except OSError as error:
                logger.info("response to %s cannot be delivered: %s", target, error)
            else:
                return
        self._driver.fail(transaction)

    def respond(self, transaction: Transaction, response: Response) -> None:
        """Raises LocalError when the response cannot be written; nothing has happened then."""
        transaction.wire = (response, response.to_bytes())
        self._driver.run(self.layer.respond(transaction, response))

    def give_up(self, transaction: Transaction) -> None:
        """500 for a request whose handler failed; silence where not even that can be written."""
        response = Response.for_request(transaction.request, 500, to_tag=transaction.to_tag)
        try:
            self.respond(transaction, response)
        except SipError:
            self._driver.fail(transaction)

    @property
    def idle(self) -> bool:
        """No transaction, no timer, no task: for tests and for draining."""
        return not len(self.layer) and not self._driver.timers.running and not len(self.scope)

    def _emptied(self) -> None:
        waiting, self._waiting_for_idle = self._waiting_for_idle, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def drained(self) -> None:
        """Wait until the last transaction has ended, its absorbing states included."""
        while len(self.layer):
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting_for_idle.append(future)
            await future

    async def aclose(self) -> None:
        """Close every socket; requests in flight end with a local 503."""
        if self._closed:
            return
        self._closed = True
        for transaction in self.layer:
            if not transaction.is_server:
                self._driver.fail(transaction)
        self.manager.close()
        for transaction in self.layer:
            self._driver.timers.stop_all(transaction)
        self.layer.clear()
        await self.scope.aclose()


def _spoken(tls_client: ssl.SSLContext | None) -> tuple[Transport, ...]:
    """The transports we can use towards a domain that leaves the choice to us."""
    return ("TLS", "TCP", "UDP") if tls_client is not None else ("UDP", "TCP")


def _refuse(transaction: ServerTransaction, request: Request, flow: Flow) -> None:
    transaction.reply(480)


def _ignore_ack(request: Request, flow: Flow) -> None:
    logger.debug("ACK without a dialog: %r", request)


def _terminate(transaction: ServerTransaction, cancel: Request) -> None:
    if not transaction.finished:
        transaction.reply(487)
