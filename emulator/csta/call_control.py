"""Call control services on real phones: each checks what is permitted, then presses the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.calls.call import CallState
from emulator.calls.end import Party
from emulator.csta.names import Names
from emulator.csta.quirks import Quirks
from emulator.csta.targets import NewCall, Own, Targets
from emulator.phones.phone import PhoneError, VirtualPhone
from emulator.plan.model import Extension
from emulator.switch.model import State, SwitchError
from protocols.csta.ids import ConnectionId
from protocols.csta.message import Response
from protocols.csta.services import call_control as cc

if TYPE_CHECKING:
    from emulator.pbx import Pbx


class CallControl:
    def __init__(self, pbx: Pbx, names: Names, quirks: Quirks) -> None:
        self._pbx = pbx
        self._names = names
        self._quirks = quirks
        self._targets = Targets(pbx, names)

    # -- a call begins -----------------------------------------------------------------------

    async def make(self, request: cc.MakeCall) -> Response:
        """Virtual phones are hands-free: they go off-hook by themselves, asked to prompt or not.
        From the alternative number: it is rung first."""
        alternative = self._targets.alternative(request.calling_device)
        if alternative is not None:
            return await self._make_from(*alternative, request.called_directory_number)
        phone = self._targets.desk(request.calling_device)
        if phone.active is not None:
            raise SwitchError("requestIncompatibleWithCallingDevice", f"{phone.name} is in a call")
        self._require_dialable(request.called_directory_number)
        made = await self._dial(phone, request.called_directory_number, aside=False)
        return cc.MakeCallResponse(calling_device=made)

    async def _make_from(self, extension: Extension, number: str, target: str) -> Response:
        self._require_dialable(target)
        own = Party(extension.number, extension.name)
        call = await self._pbx.ring_first.call("first", own, number, target, caller=own)
        call_id = self._pbx.ledger.call_id(call) if call is not None else None
        if call_id is None:
            raise SwitchError("internalResourceBusy", f"{number} was not called")
        made = self._names.connection(call_id, extension.desk_user)
        return cc.MakeCallResponse(calling_device=made)

    def _require_dialable(self, number: str) -> None:
        """A number that nobody has fails as a call does; one that is hidden cannot be dialled."""
        if not any(c in "0123456789*#" for c in number):
            raise SwitchError("invalidCalledDeviceID", "no number was given")
        if self._pbx.plan.of_device(number) is not None and self._pbx.plan.resolve(number) is None:
            raise SwitchError("invalidCalledDeviceID", f"{number} cannot be called")

    async def _dial(self, phone: VirtualPhone, number: str, *, aside: bool) -> ConnectionId:
        with NewCall(self._pbx, phone.name) as new:
            try:
                await (phone.consult(number) if aside else phone.dial(number))
            except PhoneError as error:
                raise SwitchError("requestIncompatibleWithCallingDevice", str(error)) from None
        call_id = new.call_id
        if call_id is None and phone.end is not None:  # a code: it went straight into another call
            call = self._pbx.call_of(phone.end)
            call_id = self._pbx.ledger.call_id(call) if call is not None else None
        if call_id is None:
            raise SwitchError("invalidCalledDeviceID", f"{number} leads nowhere")
        return self._names.connection(call_id, phone.name)

    async def accept(self, request: cc.AcceptCall) -> Response:
        """What rings already needs no acceptance, and there is nothing wrong with it."""
        asked = request.call_to_be_accepted
        offer = self._targets.offer(asked)
        if offer is not None:
            self._pbx.offering.accept(offer.call)
            return cc.AcceptCallResponse()
        own = self._targets.own(asked, "clearConnection")
        if self._pbx.switch.state(own.connection) is not State.ALERTING:
            raise SwitchError("invalidObjectState", "it is not offered")
        return cc.AcceptCallResponse()

    async def answer(self, request: cc.AnswerCall) -> Response:
        own = self._targets.own(request.call_to_be_answered, "answerCall")
        phone, end = self._targets.phone(own)
        if end is not (phone.waiting or phone.active):
            raise SwitchError("invalidObjectState", "it does not ring")
        try:
            phone.answer()
        except PhoneError as error:
            raise SwitchError("invalidObjectState", str(error)) from None
        return cc.AnswerCallResponse()

    # -- and ends ----------------------------------------------------------------------------

    async def clear(self, request: cc.ClearConnection) -> Response:
        """Asked for the number, every ringing device of it stops; for a device, only that one."""
        offer = self._targets.offer(request.connection_to_be_cleared)
        if offer is not None:
            self._pbx.offering.settled(offer.call)
            self._pbx.placing.refused(offer.call, 486)
            return cc.ClearConnectionResponse()
        service = self._targets.service(request.connection_to_be_cleared)
        if service is not None:
            call, end = service
            end.hang_up()
            call.ended(end, ())
            return cc.ClearConnectionResponse()
        own = self._targets.own(request.connection_to_be_cleared, "clearConnection")
        ringing = own.end in own.call.ringing_ends
        if not ringing:
            self._let_go(own)
            return cc.ClearConnectionResponse()
        for end in own.call.ringing_ends:
            mine = end.name in own.extension.device_users if own.whole else end is own.end
            if mine and own.call.state is CallState.RINGING:
                end.hang_up()
                own.call.failed(end, 486, "")
        return cc.ClearConnectionResponse()

    @staticmethod
    def _let_go(own: Own) -> None:
        own.end.hang_up()
        own.call.ended(own.end, ())

    # -- hold, and a second call -------------------------------------------------------------

    async def hold(self, request: cc.HoldCall) -> Response:
        _, end = self._targets.phone(self._targets.own(request.call_to_be_held, "holdCall"))
        end.hold(True)
        return cc.HoldCallResponse()

    async def retrieve(self, request: cc.RetrieveCall) -> Response:
        self._retrieve(self._targets.own(request.call_to_be_retrieved, "retrieveCall"))
        return cc.RetrieveCallResponse()

    def _retrieve(self, own: Own) -> None:
        phone, end = self._targets.phone(own)
        if phone.end is not end:
            self._swap(phone)
        else:
            end.hold(False)

    @staticmethod
    def _swap(phone: VirtualPhone) -> None:
        try:
            phone.swap()
        except PhoneError as error:
            raise SwitchError("invalidObjectState", str(error)) from None

    async def consult(self, request: cc.ConsultationCall) -> Response:
        """Without somebody to consult the call is only held (OpenScape Business)."""
        own = self._targets.own(request.existing_call, "consultationCall")
        phone, end = self._targets.phone(own)
        number = request.consulted_device
        if not number:
            if not self._quirks.dialect.holds_by_consultation:
                raise SwitchError("invalidCalledDeviceID", "nobody to consult")
            end.hold(True)
            return cc.ConsultationCallResponse()
        self._require_dialable(number)
        made = await self._dial(phone, number, aside=True)
        return cc.ConsultationCallResponse(initiated_call=made)

    async def alternate(self, request: cc.AlternateCall) -> Response:
        phone = self._pair(request.held_call, request.active_call, "alternateCall")
        self._swap(phone)
        return cc.AlternateCallResponse()

    async def reconnect(self, request: cc.ReconnectCall) -> Response:
        """End the active call, if one is named, and go back to the held one."""
        if not request.active_call.call_id:
            self._retrieve(self._targets.own(request.held_call, "retrieveCall"))
            return cc.ReconnectCallResponse()
        self._pair(request.held_call, request.active_call, "reconnectCall")
        active = self._targets.own(request.active_call, "reconnectCall")
        held = self._held(request.held_call)
        self._let_go(active)
        self._retrieve(held)
        return cc.ReconnectCallResponse()

    def _held(self, connection: ConnectionId) -> Own:
        own = self._targets.own(connection, "clearConnection")
        if self._pbx.switch.state(own.connection) is not State.HOLD:
            raise SwitchError("noHeldCall", f"{own.connection.call} is not on hold")
        return own

    def _pair(self, held: ConnectionId, active: ConnectionId, service: str) -> VirtualPhone:
        second = self._targets.own(active, service)
        first = self._held(held)
        phone, _ = self._targets.phone(second)
        if first.connection.device != second.connection.device:
            raise SwitchError("invalidConnectionID", "the calls belong to different devices")
        return phone
