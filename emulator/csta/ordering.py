"""Requests carried out: which service goes where, and the answers that change nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from emulator.csta import snapshots
from emulator.csta.agents import AgentServices
from emulator.csta.assisting import Assisting
from emulator.csta.call_control import CallControl
from emulator.csta.moving import Moving
from emulator.csta.names import Names
from emulator.csta.quirks import Quirks
from emulator.csta.settings import SettingServices
from emulator.switch.model import SwitchError
from protocols.csta.message import Request, Response
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.csta.services import monitoring as mo
from protocols.csta.services import system as sy

if TYPE_CHECKING:
    from emulator.pbx import Pbx

Handler = Callable[[Any], Awaitable[Response]]


class Orders:
    def __init__(self, pbx: Pbx, names: Names, quirks: Quirks) -> None:
        self._pbx = pbx
        self._names = names
        calls = CallControl(pbx, names, quirks)
        moving = Moving(pbx, names, quirks)
        assisting = Assisting(pbx, names)
        agents = AgentServices(pbx, names, quirks)
        settings = SettingServices(pbx, names, quirks)
        self._handlers: dict[type[Request], Handler] = {
            mo.SnapshotDevice: self._snapshot_device,
            mo.SnapshotCall: self._snapshot_call,
            sy.GetLogicalDeviceInformation: self._device_information,
            sy.GetCSTAFeatures: self._features,
            cc.MakeCall: calls.make,
            cc.AcceptCall: calls.accept,
            cc.AnswerCall: calls.answer,
            cc.ClearConnection: calls.clear,
            cc.HoldCall: calls.hold,
            cc.RetrieveCall: calls.retrieve,
            cc.ConsultationCall: calls.consult,
            cc.AlternateCall: calls.alternate,
            cc.ReconnectCall: calls.reconnect,
            cc.TransferCall: moving.transfer,
            cc.SingleStepTransferCall: moving.single_step,
            cc.ConferenceCall: moving.conference,
            cc.DeflectCall: moving.deflect,
            cc.DirectedPickupCall: moving.pick_up,
            cc.GroupPickupCall: moving.pick_up_group,
            cc.ParkCall: moving.park,
            cc.GenerateDigits: assisting.digits,
            ft.CallBackCallRelated: assisting.call_back,
            ft.CallBackNonCallRelated: assisting.call_back_later,
            ft.CancelCallBack: assisting.cancel_call_back,
            ft.GetDoNotDisturb: settings.do_not_disturb,
            ft.SetDoNotDisturb: settings.set_do_not_disturb,
            ft.GetForwarding: settings.forwarding,
            ft.SetForwarding: settings.set_forwarding,
            ft.GetAgentState: agents.state,
            ft.SetAgentState: agents.set_state,
            ft.GetMessageWaitingIndicator: settings.message_waiting,
            ft.SetMessageWaitingIndicator: settings.set_message_waiting,
        }

    async def carry_out(self, request: Request) -> Response:
        """Raises SwitchError."""
        handler = self._handlers.get(type(request))
        if handler is None:
            raise SwitchError("serviceNotSupported", type(request).__name__)
        return await handler(request)

    async def _snapshot_device(self, request: mo.SnapshotDevice) -> Response:
        extension = self._names.monitored(request.snapshot_object)
        return snapshots.of_device(self._pbx, self._names, extension)

    async def _snapshot_call(self, request: mo.SnapshotCall) -> Response:
        return snapshots.of_call(self._pbx, self._names, request.snapshot_object)

    async def _device_information(self, request: sy.GetLogicalDeviceInformation) -> Response:
        extension = self._names.named(request.device).extension
        there = snapshots.desk_phone_there(self._pbx, extension)
        return sy.GetLogicalDeviceInformationResponse(has_physical_element=there)

    async def _features(self, _: sy.GetCSTAFeatures) -> Response:
        control, device = self._names_from(cc.__name__), self._names_from(ft.__name__)
        return sy.GetCSTAFeaturesResponse(
            call_control=control - {"generateDigits"},
            call_associated=control & {"generateDigits"},
            logical_device=device,
        )

    def _names_from(self, module: str) -> frozenset[str]:
        return frozenset(
            kind.__name__[0].lower() + kind.__name__[1:]
            for kind in self._handlers
            if kind.__module__ == module
        )
