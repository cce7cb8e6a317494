"""A call is offered before it rings: whoever watches the number over CSTA says what becomes of it.

OpenScape Voice and 4000 do that for the users of a cloud connector. It is accepted, sent on or
refused; when nobody says anything in time, it rings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.calls.call import PbxCall
from emulator.plan.model import Extension

if TYPE_CHECKING:
    from emulator.pbx import Pbx


@dataclass(frozen=True, slots=True)
class Offer:
    call: PbxCall
    extension: Extension
    ring: Callable[[], None]
    timer: asyncio.TimerHandle


class Offering:
    """``wait(extension)`` says for how many seconds its calls are offered; 0 = not at all."""

    def __init__(self, pbx: Pbx) -> None:
        self.wait: Callable[[Extension], float] = lambda _: 0.0
        self._pbx = pbx
        self._offers: dict[str, Offer] = {}
        self._loop = asyncio.get_running_loop()

    def begin(self, call: PbxCall, extension: Extension, ring: Callable[[], None]) -> bool:
        """Offer a call; ``ring`` lets it ring. False: it is not to be offered."""
        seconds = self.wait(extension)
        if seconds <= 0:
            return False
        timer = self._loop.call_later(seconds, self.accept, call)
        self._offers[call.id] = Offer(call, extension, ring, timer)
        self._pbx.ledger.offered(call, extension.desk_user)
        return True

    def of(self, call_id: str, extension: Extension) -> Offer | None:
        """The offer to an extension in what the switch calls ``call_id``."""
        for offer in self._offers.values():
            named = self._pbx.ledger.call_id(offer.call) == call_id
            if named and offer.extension.number == extension.number:
                return offer
        return None

    def accept(self, call: PbxCall) -> None:
        offer = self.settled(call)
        if offer is not None:
            offer.ring()

    def settled(self, call: PbxCall) -> Offer | None:
        """It is offered no more: accepted, sent on, refused, or its caller has gone."""
        offer = self._offers.pop(call.id, None)
        if offer is not None:
            offer.timer.cancel()
        return offer
