"""Do-not-disturb, forwarding and the lamp: settings of a number, asked for and changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emulator.csta import snapshots
from emulator.csta.names import Names
from emulator.csta.quirks import Quirks
from emulator.switch.features import Origin, Target, When
from emulator.switch.model import SwitchError
from protocols.csta.message import Response
from protocols.csta.services import features as ft
from protocols.csta.shapes import Private
from protocols.csta.values import ForwardingType

if TYPE_CHECKING:
    from emulator.pbx import Pbx

_RULES: dict[ForwardingType, tuple[When, Origin]] = {
    kind: rule for rule, kind in snapshots.KINDS.items()
}


class SettingServices:
    def __init__(self, pbx: Pbx, names: Names, quirks: Quirks) -> None:
        self._pbx = pbx
        self._names = names
        self._quirks = quirks

    def _number(self, device: str) -> str:
        """Settings belong to the number (Business: its primary line), not to one device."""
        return self._names.named(device).extension.number

    async def do_not_disturb(self, request: ft.GetDoNotDisturb) -> Response:
        features = self._pbx.features.of(self._number(request.device))
        return ft.GetDoNotDisturbResponse(do_not_disturb_on=features.do_not_disturb)

    async def set_do_not_disturb(self, request: ft.SetDoNotDisturb) -> Response:
        number = self._number(request.device)
        self._pbx.features.set_do_not_disturb(number, request.do_not_disturb_on)
        return ft.SetDoNotDisturbResponse()

    async def forwarding(self, request: ft.GetForwarding) -> Response:
        features = self._pbx.features.of(self._number(request.device))
        answer = snapshots.forwardings(features, alternative=self._quirks.preferred_device)
        if not self._quirks.static_ond:
            return answer
        private = Private(
            static_ond_active=features.target is Target.ALTERNATIVE,
            static_ond_dn=features.alternative or "",
        )
        return replace(answer, private=private)

    async def set_forwarding(self, request: ft.SetForwarding) -> Response:
        """No type means at once (ECMA-269: a default of the switching function)."""
        number = self._number(request.device)
        private = request.private
        if self._quirks.static_ond and private and private.static_ond_active is not None:
            self._route_to_alternative(number, private)
            return ft.SetForwardingResponse()
        kind = request.forwarding_type or ForwardingType.IMMEDIATE
        to = self._destination(request.forward_dn) if request.activate_forward else None
        if kind is ForwardingType.PREFERRED_DEVICE and self._quirks.preferred_device:
            self._pbx.features.set_alternative(number, to)
        elif kind in _RULES:
            when, origin = _RULES[kind]
            self._pbx.features.set_forwarding(number, when, to, origin)
        else:
            raise SwitchError("serviceNotSupported", kind)
        return ft.SetForwardingResponse()

    def _route_to_alternative(self, number: str, private: Private) -> None:
        features = self._pbx.features.of(number)
        if private.static_ond_active:
            features.alternative = self._destination(private.static_ond_dn)
            features.target = Target.ALTERNATIVE
        else:
            features.target = Target.ALL

    def _destination(self, number: str | None) -> str:
        found = self._pbx.plan.resolve(number or "")
        if found is None:
            raise SwitchError("invalidForwardingDestination", f"there is no number {number}")
        return found.number

    async def message_waiting(self, request: ft.GetMessageWaitingIndicator) -> Response:
        lit = self._pbx.status.message_waiting(self._number(request.device))
        return ft.GetMessageWaitingIndicatorResponse(message_waiting_on=lit)

    async def set_message_waiting(self, request: ft.SetMessageWaitingIndicator) -> Response:
        number = self._number(request.device)
        self._pbx.status.set_message_waiting(number, request.message_waiting_on)
        phone = self._pbx.phones.get(number)
        if phone is not None:
            phone.set_lamp(request.message_waiting_on)
        return ft.SetMessageWaitingIndicatorResponse()
