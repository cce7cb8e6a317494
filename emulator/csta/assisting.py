"""Digits into a call, and callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.csta.names import Names
from emulator.csta.targets import Targets
from emulator.phones.local_end import LocalEnd
from emulator.switch.model import SwitchError
from protocols.csta.message import Response
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.sip.info.dtmf import RELAY

if TYPE_CHECKING:
    from emulator.pbx import Pbx

_DIGITS = frozenset("0123456789*#ABCD")
_USUAL_MS, _GAP_MS = 100, 70
_LONGEST = 64


class Assisting:
    def __init__(self, pbx: Pbx, names: Names) -> None:
        self._pbx = pbx
        self._names = names
        self._targets = Targets(pbx, names)

    async def digits(self, request: cc.GenerateDigits) -> Response:
        """At a virtual phone its keys; for a SIP device the PBX says them to the other side."""
        own = self._targets.own(request.connection_to_send_digits, "generateDigits")
        digits = request.characters_to_send.upper()
        if not digits or len(digits) > _LONGEST or not _DIGITS.issuperset(digits):
            raise SwitchError("valueOutOfRange", "digits are 0 to 9, *, #, A to D")
        milliseconds = min(max(request.tone_duration or _USUAL_MS, 40), 5000)
        if isinstance(own.end, LocalEnd):
            own.end.press(digits, milliseconds, _GAP_MS)
        else:
            for digit in digits:
                body = f"Signal={digit}\r\nDuration={milliseconds}\r\n".encode()
                own.call.info(own.end, RELAY, body)
        return cc.GenerateDigitsResponse()

    async def call_back(self, request: ft.CallBackCallRelated) -> Response:
        """For whoever rings and does not answer: the call itself goes on."""
        own = self._targets.own(request.call_back_connection, "callBackCallRelated")
        self._pbx.callback.book(own.extension.number, own.call.dialled)
        return ft.CallBackCallRelatedResponse()

    async def call_back_later(self, request: ft.CallBackNonCallRelated) -> Response:
        self._pbx.callback.book(*self._pair(request.originating_device, request.target_device))
        return ft.CallBackNonCallRelatedResponse()

    async def cancel_call_back(self, request: ft.CancelCallBack) -> Response:
        self._pbx.callback.cancel(*self._pair(request.originating_device, request.target_device))
        return ft.CancelCallBackResponse()

    def _pair(self, device: str, target: str) -> tuple[str, str]:
        return self._names.named(device).extension.number, self._names.named(
            target
        ).extension.number
