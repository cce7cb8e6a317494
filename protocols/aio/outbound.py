"""One client request over the places it may go to (RFC 3263 section 4.3, RFC 3261 18.1.1)."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from protocols.aio.flow import Flow
from protocols.aio.resolver import Target
from protocols.aio.transactions import ClientTransaction

if TYPE_CHECKING:
    from protocols.aio.endpoint import SipEndpoint

logger = logging.getLogger(__name__)

# 18.1.1: larger requests need a congestion-controlled transport when the MTU is unknown.
MAX_UDP_REQUEST: Final = 1300
_VIA_ROOM: Final = 120  # what our Via adds


class Outbound:
    """Tries targets one after the other, each attempt with a branch of its own."""

    def __init__(
        self, endpoint: SipEndpoint, client: ClientTransaction, targets: Iterable[Target]
    ) -> None:
        self._endpoint = endpoint
        self._client = client
        self._targets = deque(self._fit(targets))
        client.next_attempt = self.next

    def _fit(self, targets: Iterable[Target]) -> list[Target]:
        """18.1.1: a large request goes by TCP first, by UDP where TCP cannot be had."""
        listed = list(targets)
        if self._client.size + _VIA_ROOM <= MAX_UDP_REQUEST:
            return listed
        fitting: list[Target] = []
        for target in listed:
            if target.transport == "UDP":
                fitting.append(target._replace(transport="TCP"))
            fitting.append(target)
        return fitting

    def next(self) -> bool:
        """Start the next attempt; False when nothing is left to try."""
        while self._targets:
            target = self._targets.popleft()
            try:
                flow = self._endpoint.manager.existing(target)
            except OSError as error:
                logger.info("no way to %s: %s", target, error)
                continue
            if flow is not None:
                self._send(flow)
            else:
                self._endpoint.scope.start(self._dial(target), f"request to {target.host}")
            return True
        return False

    async def _dial(self, target: Target) -> None:
        try:
            flow = await self._endpoint.manager.flow_to(target)
        except OSError as error:
            logger.info("no connection to %s: %s", target, error)
            if not self._client.finished:
                self._client.on_failed("transport")
            return
        self._send(flow)

    def _send(self, flow: Flow) -> None:
        if not self._client.finished:
            self._endpoint.start_attempt(self._client, flow)
