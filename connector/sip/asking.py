"""Asks the gateway whether it still knows a call."""

from __future__ import annotations

import asyncio

import structlog

from connector.sip.leg import Bridged
from protocols.aio.call import Call
from protocols.b2bua import call as b2b

log = structlog.get_logger("connector.call")


class LinkAsker:
    """OPTIONS in the link's dialog: a gateway that lost the call answers 481, which ends it
    (RFC 3261 section 12.2.1.2)."""

    def __init__(self, owner: Bridged) -> None:
        self._owner = owner
        self._asking: asyncio.Task[None] | None = None

    def ask(self) -> None:
        link = self._owner.link_call
        if link is None or link.state != "confirmed" or self._asking is not None:
            return
        self._asking = asyncio.create_task(self._ask(link), name=f"ask link {link.call_id}")

    async def _ask(self, link: Call) -> None:
        response = await link.request("OPTIONS")
        self._asking = None
        if response.status in (408, 481) and not response.local:
            log.warning("call ended: the gateway does not know it", call=link.call_id)
            self._owner.put(b2b.Ended(self._owner.line_leg.other))

    async def aclose(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
