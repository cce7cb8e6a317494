"""Asks one side whether it still knows a call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from connector.sip.leg import Owner
from protocols.aio.call import Call
from protocols.b2bua import call as b2b
from protocols.b2bua.call import Leg

log = structlog.get_logger("connector.call")


class Asker:
    """OPTIONS in the dialog: a gateway or a PBX that lost the call answers 481, which ends it
    (RFC 3261 section 12.2.1.2). A 408 says only that somebody on the way got no answer; a phone
    behind a PBX may leave OPTIONS unanswered and speak on. `side` is for the log."""

    def __init__(self, owner: Owner, side: str, leg: Callable[[], tuple[Leg, Call | None]]) -> None:
        self._owner = owner
        self._side = side
        self._leg = leg
        self._asking: asyncio.Task[None] | None = None

    def ask(self) -> None:
        leg, call = self._leg()
        if call is None or call.state != "confirmed" or self._asking is not None:
            return
        name = f"ask {self._side} {call.call_id}"
        self._asking = asyncio.create_task(self._ask(leg, call), name=name)

    async def _ask(self, leg: Leg, call: Call) -> None:
        response = await call.request("OPTIONS")
        self._asking = None
        if response.status == 481 and not response.local and self._leg()[1] is call:
            log.warning("call ended: nobody knows it any more", side=self._side, call=call.call_id)
            self._owner.put(b2b.Ended(leg))

    async def aclose(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
