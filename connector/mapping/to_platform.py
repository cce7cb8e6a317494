"""Requests of the link as the platform wants them: its device names, its numbers, its ways.

A request names the line by the address that it was sent to; whatever device it names, it is that
line's. So a request can never reach another line's device or calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from connector.mapping.devices import ALTERNATIVE, DESK, LINE, LineDevices
from protocols.csta.device_names import PREFERRED, DeviceName, parse_device
from protocols.csta.dialects import Dialect
from protocols.csta.ids import ConnectionId
from protocols.csta.message import ErrorResponse, Request, operation_error
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.csta.shapes import AUTO_ANSWER, Private
from protocols.csta.values import LocalConnectionState
from protocols.csta.view.model import CallView, DeviceView

#: Fields that hold a connection of the line, a device of the line, a number to call.
_CONNECTIONS: dict[type[Request], tuple[str, ...]] = {
    cc.AnswerCall: ("call_to_be_answered",),
    cc.ClearConnection: ("connection_to_be_cleared",),
    cc.HoldCall: ("call_to_be_held",),
    cc.RetrieveCall: ("call_to_be_retrieved",),
    cc.AlternateCall: ("held_call", "active_call"),
    cc.ReconnectCall: ("active_call", "held_call"),
    cc.ConsultationCall: ("existing_call",),
    cc.TransferCall: ("held_call", "active_call"),
    cc.ConferenceCall: ("held_call", "active_call"),
    cc.SingleStepTransferCall: ("active_call",),
    cc.DeflectCall: ("call_to_be_diverted",),
    cc.GenerateDigits: ("connection_to_send_digits",),
}
_DEVICES: dict[type[Request], str] = {
    cc.MakeCall: "calling_device",
    ft.GetDoNotDisturb: "device",
    ft.SetDoNotDisturb: "device",
    ft.GetForwarding: "device",
    ft.SetForwarding: "device",
    ft.GetMessageWaitingIndicator: "device",
    ft.SetAgentState: "device",
}
_NUMBERS: dict[type[Request], str] = {
    cc.MakeCall: "called_directory_number",
    cc.ConsultationCall: "consulted_device",
    cc.SingleStepTransferCall: "transferred_to",
    cc.DeflectCall: "new_destination",
    ft.SetForwarding: "forward_dn",
    ft.SetAgentState: "group",
}


class Unmapped(Exception):
    """The request cannot be made at the platform; `error` is the answer to it."""

    def __init__(self, error: ErrorResponse) -> None:
        super().__init__(str(error))
        self.error = error


class ToPlatform:
    """For one line."""

    def __init__(
        self, devices: LineDevices, dialect: Dialect, to_pbx: Callable[[str], str]
    ) -> None:
        self._devices = devices
        self._dialect = dialect
        self._to_pbx = to_pbx

    def request(self, request: Request, view: DeviceView) -> Request:
        """Raises Unmapped."""
        kind = type(request)
        if kind not in _CONNECTIONS and kind not in _DEVICES:
            raise Unmapped(operation_error("serviceNotSupported"))
        changed: dict[str, Any] = {"private": None}
        for name in _CONNECTIONS.get(kind, ()):
            wanted = getattr(request, name)
            if kind is cc.ClearConnection and self._is_foreign(wanted):
                changed[name] = self._other(wanted, view)
            else:
                changed[name] = self._connection(wanted, view)
        if kind in _DEVICES:
            changed[_DEVICES[kind]] = self._devices.monitored
        number = _NUMBERS.get(kind)
        if number is not None and getattr(request, number):
            changed[number] = self._to_pbx(getattr(request, number))
        changed |= self._to_own_device(request)
        if isinstance(request, cc.MakeCall):
            changed["calling_device"] = self._caller(request.calling_device)
        mapped: Request = replace(request, **changed)
        if self._dialect.holds_by_consultation:
            return self._by_consultation(mapped, view)
        return mapped

    def _to_own_device(self, request: Request) -> dict[str, Any]:
        """A call goes to another device of the line: the platform's name for it, and that it is to
        answer by itself."""
        match request:
            case cc.SingleStepTransferCall(transferred_to=to):
                field, private = "transferred_to", Private(transfer_target=AUTO_ANSWER)
            case cc.DeflectCall(new_destination=to):
                field, private = "new_destination", Private(deflect_target=AUTO_ANSWER)
            case _:
                return {}
        role = parse_device(to).member
        if role not in (DESK, LINE):
            return {}
        return {field: self._own_device(role), "private": private}

    def _caller(self, identifier: str) -> str:
        """The desk phone calls, or the alternative number is rung first. Business keeps that number
        itself; elsewhere it is named as one more device of the user."""
        name, number = parse_device(identifier), self._devices.monitored
        if name.member != ALTERNATIVE:
            return number
        if self._dialect.monitors_groups_only:
            return str(DeviceName(number, name=PREFERRED))
        return f"<{number}>;ond={self._to_pbx(name.number)}"

    def _own_device(self, role: str) -> str:
        number, line = self._devices.monitored, self._devices.extension
        if role == DESK:  # without saying which of its devices, the desk phone is meant
            return number
        if not line:
            raise Unmapped(operation_error("invalidCalledDeviceID"))
        if self._dialect.monitors_groups_only:
            return str(DeviceName(number, line))
        return f"<{number}>;ond={self._dialect.auxiliary or line}"

    def _connection(self, wanted: ConnectionId, view: DeviceView) -> ConnectionId:
        """The own connection of the same role, in the platform's notation."""
        call = view.call(wanted.call_id)
        if call is None:
            raise Unmapped(operation_error("invalidConnectionID"))
        role = parse_device(wanted.device_id).member or DESK
        for leg in call.legs:
            if self._devices.role(parse_device(leg.device_id)) == role:
                return ConnectionId(call.call_id, leg.device_id)
        raise Unmapped(operation_error("invalidConnectionID"))

    def _is_foreign(self, wanted: ConnectionId) -> bool:
        name = parse_device(wanted.device_id)
        return bool(name.number) and name.number != self._devices.number

    def _other(self, wanted: ConnectionId, view: DeviceView) -> ConnectionId:
        """Somebody else's, in a conference of this line: the only one that a request may name."""
        call, number = view.call(wanted.call_id), parse_device(wanted.device_id).number
        shown = {number, self._to_pbx(number)}
        for party in call.parties if call is not None and call.conference else ():
            if party.number in shown:
                return ConnectionId(wanted.call_id, party.number)
        raise Unmapped(operation_error("invalidConnectionID"))

    def _by_consultation(self, request: Request, view: DeviceView) -> Request:
        """OpenScape Business holds by a consultation of nobody, and takes back by ending it."""
        match request:
            case cc.HoldCall(call_to_be_held=connection):
                return cc.ConsultationCall(existing_call=connection)
            case cc.RetrieveCall(call_to_be_retrieved=connection):
                active = next((call for call in view.calls if _is_consultation(call)), None)
                if active is None:
                    return request
                return cc.ReconnectCall(active_call=active.connection, held_call=connection)
            case _:
                return request


def _is_consultation(call: CallView) -> bool:
    """Off-hook after a hold, nothing dialled yet."""
    return call.state is LocalConnectionState.INITIATED
