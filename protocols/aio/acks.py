"""The ACK to a 2xx: no transaction, sent by the user's wish (RFC 3261 13.2.2.4)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from protocols.aio.flow import Flow
from protocols.aio.manager import FlowManager
from protocols.aio.resolver import Resolver, numeric_target
from protocols.aio.scope import TaskScope
from protocols.sip.errors import SipError
from protocols.sip.message import Request
from protocols.sip.txn.routing import next_hop
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)


class AckSender:
    """Sends an ACK over a flow, or to its next hop. What fails is only logged: the peer sends its
    2xx again, and with it comes the next chance.
    """

    def __init__(
        self,
        manager: FlowManager,
        resolver: Resolver,
        scope: TaskScope,
        via: Callable[[Flow], str],
        *,
        flows_only: bool = False,
    ) -> None:
        self._manager = manager
        self._resolver = resolver
        self._scope = scope
        self._via = via
        self._flows_only = flows_only

    def send(self, request: Request, flow: Flow | None) -> None:
        """Put a Via on `request` if it has none, so that every copy is the same."""
        if flow is not None and flow.alive:
            self._send_on(request, flow)
            return
        if self._flows_only:
            logger.info("ACK cannot be sent: its flow is gone")
            return
        try:
            hop = next_hop(request)
            target = numeric_target(hop) if hop is not None else None
            known = self._manager.existing(target) if target is not None else None
        except (OSError, SipError) as error:
            logger.info("ACK cannot be sent: %s", error)
            return
        if known is not None:
            self._send_on(request, known)
        elif hop is not None:
            self._scope.start(self._reach(request, hop), "ack")

    async def _reach(self, request: Request, hop: SipUri) -> None:
        try:
            targets = await self._resolver.resolve(hop)
        except OSError as error:
            logger.info("ACK cannot be sent: %s", error)
            return
        for target in targets:
            try:
                flow = await self._manager.flow_to(target)
            except OSError as error:
                logger.info("ACK: no connection to %s: %s", target, error)
            else:
                self._send_on(request, flow)
                return

    def _send_on(self, request: Request, flow: Flow) -> None:
        if "Via" not in request.headers:
            request.headers.prepend("Via", self._via(flow))
        try:
            flow.send(request.to_bytes())
        except OSError as error:
            logger.info("ACK was not sent: %s", error)
