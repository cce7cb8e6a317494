"""Automatic callback: whoever found somebody busy or away is rung when that one is free again.

The PBX rings the one who booked under the name of the one waited for. When that call is answered it
goes on as a blind transfer to the one waited for; nobody else is asked in either place.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from emulator.calls.call import PbxCall
from emulator.calls.end import Party
from emulator.plan.model import Extension, Kind
from emulator.ring_first import RingFirst
from emulator.switch.callbacks import Callbacks
from emulator.switch.model import SwitchError

if TYPE_CHECKING:
    from emulator.pbx import Pbx

logger = logging.getLogger(__name__)


class AutomaticCallback:
    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self._booked = Callbacks(pbx.switch.tell_setting)
        self._not_reached: dict[str, str] = {}  # who called -> whom it could not reach last
        self._serving: set[str] = set()
        self._ring_first = RingFirst(pbx)
        self._loop = asyncio.get_running_loop()

    # -- asked -------------------------------------------------------------------------------

    def book(self, number: str, target: str | None = None) -> str:
        """``target`` None: whom ``number`` could not reach last. Gives the number waited for."""
        wanted = self._pbx.plan.resolve(target or self._not_reached.get(number, ""))
        if wanted is None or wanted.kind is not Kind.USER:
            raise SwitchError("invalidCalledDeviceID", "nobody to wait for")
        self._booked.book(number, wanted.number, busy=self._pbx.calls_of(wanted.number) > 0)
        return wanted.number

    def cancel(self, number: str, target: str | None = None) -> None:
        """``target`` None: all that ``number`` waits for."""
        self._booked.cancel(number, target)

    def of(self, number: str) -> list[str]:
        return self._booked.of(number)

    def forget_all(self) -> None:
        """As after a restart."""
        self._booked = Callbacks(self._pbx.switch.tell_setting)
        self._not_reached.clear()

    # -- told --------------------------------------------------------------------------------

    def ended(self, call: PbxCall) -> None:
        """A call is over."""
        caller, callee = call.caller.party.number, call.callee
        if callee is None:
            missed = self._pbx.plan.resolve(call.dialled)
            if missed is not None and missed.kind is Kind.USER:
                self._not_reached[caller] = missed.number
        else:
            self._booked.active(callee.party.number)
        self._booked.active(caller)
        # not from inside the call's own command
        self._loop.call_soon(self._serve)

    def came_back(self, extension: Extension) -> None:
        """A device of it registered."""
        self._booked.active(extension.number)
        self._loop.call_soon(self._serve)

    # -- carried out -------------------------------------------------------------------------

    def _free(self, number: str) -> bool:
        pbx, extension = self._pbx, self._pbx.plan.extension(number)
        if extension is None or number in self._serving or pbx.calls_of(number):
            return False
        phone = pbx.phones.get(number)
        there = phone is not None and phone.state == "idle"
        there = there or bool(pbx.registrations.registered(extension.device_users))
        return there and not pbx.features.of(number).do_not_disturb

    def _serve(self) -> None:
        while (pair := self._booked.take(self._free)) is not None:
            self._serving.update(pair)
            work = self._call(*pair)
            self._pbx.tasks.start(work, f"callback {pair[0]}")

    async def _call(self, number: str, target: str) -> None:
        pbx = self._pbx
        booked, wanted = pbx.plan.extension(number), pbx.plan.extension(target)
        assert booked is not None and wanted is not None
        shown = Party(wanted.number, wanted.name)
        await self._ring_first.call("callback", shown, number, target, to=booked)
        self._serving -= {number, target}
