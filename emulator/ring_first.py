"""Calls that the PBX makes for somebody: one phone is rung first, and on its answer the other.

Automatic callback works so, and calls through the work number from another phone.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING

from emulator.calls.call import PbxCall
from emulator.calls.end import Party
from emulator.phones.local_end import LocalEnd
from emulator.plan.model import Extension
from emulator.switch.model import SwitchError
from media.endpoint import ToneSource

if TYPE_CHECKING:
    from emulator.pbx import Pbx

logger = logging.getLogger(__name__)


class RingFirst:
    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self._ids = itertools.count(1)
        self._loop = asyncio.get_running_loop()

    async def call(
        self,
        what: str,
        shown: Party,
        number: str,
        target: str,
        *,
        to: Extension | None = None,
        caller: Party | None = None,
    ) -> PbxCall | None:
        """Ring ``number`` (``to``: the devices of that extension and nobody else) under the name of
        ``shown``, then ``target``, who sees ``caller``, else who answered. None: no RTP port."""
        end = LocalEnd(
            f"{what} {next(self._ids)}",
            shown,
            open_media=self._pbx.media.open,
            tasks=self._pbx.tasks,
            on_change=lambda end: self._changed(end, target, caller),
        )
        end.present = False
        offer = await end.open_offer()
        if offer is None:
            logger.warning("no %s to %s for %s: no RTP port is free", what, number, target)
            return None
        return self._pbx.place(end, number, offer, (), to=to)

    def _changed(self, end: LocalEnd, target: str, caller: Party | None) -> None:
        if end.state == "connected":
            end.set_source(ToneSource.sine(425))
            self._loop.call_soon(self._answered, end, target, caller)

    def _answered(self, end: LocalEnd, target: str, caller: Party | None) -> None:
        """The first is there: on to the other."""
        call = self._pbx.call_of(end)
        if call is None or end.over:
            return

        def tell(status: int) -> None:
            if 200 <= status < 300:
                end.hang_up()
            elif status >= 300:
                end.leave()

        try:
            self._pbx.transfers.blind(call, end, target, tell, caller=caller)
        except SwitchError as error:
            logger.info("%s to %s: %s", end.name, target, error)
            end.leave()
