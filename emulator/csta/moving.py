"""Services that give a call to somebody else, or take one: transfer, deflection, pickup, park,
conference. The PBX carries them out; who asks does not wait for the outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from emulator.calls.call import CallState
from emulator.csta.names import Named, Names
from emulator.csta.quirks import Quirks
from emulator.csta.targets import Own, Targets
from emulator.phones.phone import PhoneError, VirtualPhone
from emulator.plan.model import Extension
from emulator.switch.codes import Code
from emulator.switch.features import Target
from emulator.switch.model import State, SwitchError
from protocols.csta.ids import ConnectionId
from protocols.csta.message import Response
from protocols.csta.services import call_control as cc
from protocols.csta.shapes import AUTO_ANSWER

if TYPE_CHECKING:
    from emulator.pbx import Pbx


def _unheard(status: int) -> None:
    """Events tell how a transfer goes on."""


class Moving:
    def __init__(self, pbx: Pbx, names: Names, quirks: Quirks) -> None:
        self._pbx = pbx
        self._names = names
        self._quirks = quirks
        self._targets = Targets(pbx, names)

    # -- two calls become one ----------------------------------------------------------------

    async def transfer(self, request: cc.TransferCall) -> Response:
        active = self._targets.own(request.active_call, "transferCall")
        held = self._held(request.held_call)
        self._pbx.transfers.join(held.call, held.end, active.end, _unheard, at_once=True)
        held.end.hang_up()
        return cc.TransferCallResponse(transferred_call=self._now(held))

    async def conference(self, request: cc.ConferenceCall) -> Response:
        """As at the phone: the code gathers what is on hold, so the active call is held first."""
        active = self._targets.own(request.active_call, "conferenceCall")
        held = self._held(request.held_call)
        phone, _ = self._targets.phone(active)
        if held.connection.device != active.connection.device:
            raise SwitchError("invalidConnectionID", "the calls belong to different devices")
        await self._dial(phone, Code.CONFERENCE, "", aside=True)
        return cc.ConferenceCallResponse(conference_call=self._of(phone))

    def _held(self, connection: ConnectionId) -> Own:
        own = self._targets.own(connection, "clearConnection")
        if self._pbx.switch.state(own.connection) is not State.HOLD:
            raise SwitchError("noHeldCall", f"{own.connection.call} is not on hold")
        return own

    # -- one call goes elsewhere -------------------------------------------------------------

    async def single_step(self, request: cc.SingleStepTransferCall) -> Response:
        """To a number, or to another device of the same user (pull, push): there the call stays
        where it is until that device has answered."""
        own = self._targets.own(request.active_call, "singleStepTransferCall")
        device = self._own_device(request.transferred_to, own.extension)
        if device is not None:
            self._require_there(device, own)
            target = Target.LINE if device == own.extension.line_user else Target.DESK
            self._pbx.transfers.move(own.call, own.end, own.extension, target, self._ended(own))
            if request.private is not None and request.private.transfer_target == AUTO_ANSWER:
                self._answer_at_once(device, own.extension)
            return cc.SingleStepTransferCallResponse(transferred_call=self._now(own, device))
        number = self._number(request.transferred_to)
        self._pbx.transfers.blind(own.call, own.end, number, _unheard, at_once=True)
        own.end.hang_up()
        return cc.SingleStepTransferCallResponse(transferred_call=self._now(own))

    def _answer_at_once(self, device: str, extension: Extension) -> None:
        """Of the PBX's own phones; a SIP device that is to take a call rings."""
        phone = self._pbx.phones.get(extension.number)
        if phone is not None and phone.name == device:
            phone.answer_at_once()

    @staticmethod
    def _ended(own: Own) -> Callable[[int], None]:
        def tell(status: int) -> None:
            if 200 <= status < 300:
                own.end.hang_up()

        return tell

    async def deflect(self, request: cc.DeflectCall) -> Response:
        offer = self._targets.offer(request.call_to_be_diverted)
        if offer is not None:
            number = self._number(request.new_destination)
            self._pbx.offering.settled(offer.call)
            self._pbx.placing.divert(offer.call, offer.extension, number)
            return cc.DeflectCallResponse()
        own = self._targets.own(request.call_to_be_diverted, "deflectCall")
        device = self._own_device(request.new_destination, own.extension)
        if device is not None:
            self._ring_only(own, device)
        else:
            number = self._number(request.new_destination)
            self._pbx.placing.divert(own.call, own.extension, number)
        return cc.DeflectCallResponse()

    def _ring_only(self, own: Own, device: str) -> None:
        """A user's call is pulled to one of his devices while all of them ring."""
        call = own.call
        if device not in {end.name for end in call.ringing_ends}:
            raise SwitchError("deviceOutOfService", f"{device} does not ring")
        others = [d for d in own.extension.device_users if d != device]
        ringing = [end for end in call.ringing_ends if end.name in others]
        if ringing:
            self._pbx.ledger.forwarded(call, others, device, "redirected")
        for end in ringing:
            end.hang_up()
            if call.state is CallState.RINGING:
                call.failed(end, 480, "")

    def _own_device(self, identifier: str, extension: Extension) -> str | None:
        try:
            named: Named = self._names.named(identifier)
        except SwitchError:
            return None
        if named.extension is not extension:
            return None
        return named.device or extension.desk_user  # its own number: the desk phone is meant

    def _require_there(self, device: str, own: Own) -> None:
        if device == own.connection.device:
            raise SwitchError("invalidCalledDeviceID", f"{device} has the call")
        virtual = device == own.extension.desk_user and own.extension.virtual_desk
        if not virtual and not self._pbx.registrations.bindings(device):
            raise SwitchError("deviceOutOfService", f"{device} is not there")

    def _number(self, identifier: str) -> str:
        """A number to be called: an extension in any notation, else what was written."""
        try:
            number = self._names.named(identifier).extension.number
        except SwitchError:
            number = "".join(c for c in identifier if c in "0123456789*#")
        if self._pbx.plan.resolve(number) is None and self._pbx.codes.find(number) is None:
            raise SwitchError("invalidCalledDeviceID", f"there is no number {identifier}")
        return number

    async def park(self, request: cc.ParkCall) -> Response:
        own = self._targets.own(request.parking, "parkCall")
        slot = "".join(c for c in request.park_to if c.isdigit())
        if not slot:
            raise SwitchError("invalidCalledDeviceID", "no place was named")
        parked = self._names.connection(own.connection.call, slot)
        self._pbx.handing.park(own.call, own.end, slot)
        own.end.hang_up()
        return cc.ParkCallResponse(parked_to=parked)

    # -- a call is fetched -------------------------------------------------------------------

    async def pick_up(self, request: cc.DirectedPickupCall) -> Response:
        asked = request.call_to_be_picked_up
        number = self._names.named(asked.device_id).extension.number
        phone = self._targets.desk(request.requesting_device)
        if not self._rings(number, asked.call_id):
            raise SwitchError("noCallToAnswer", f"nothing rings at {number}")
        await self._dial(phone, Code.PICKUP, number)
        return cc.DirectedPickupCallResponse(picked_call=self._of(phone))

    async def pick_up_group(self, request: cc.GroupPickupCall) -> Response:
        phone = self._targets.desk(request.new_destination)
        await self._dial(phone, Code.PICKUP_GROUP, "")
        return cc.GroupPickupCallResponse(picked_call=self._of(phone))

    def _rings(self, number: str, call_id: str) -> bool:
        wanted = self._names.switch_call(call_id) if call_id else None
        return any(
            call.state is CallState.RINGING
            and wanted in (None, self._pbx.ledger.call_id(call))
            and any(end.party.number == number for end in call.ringing_ends)
            for call in self._pbx.calls.values()
        )

    # -- by the phone's keys -----------------------------------------------------------------

    async def _dial(
        self, phone: VirtualPhone, code: Code, argument: str, *, aside: bool = False
    ) -> None:
        text = self._pbx.codes.code(code)
        if text is None:
            raise SwitchError("serviceNotSupported", f"this PBX has no code for {code}")
        try:
            await (phone.consult if aside else phone.dial)(text + argument)
        except PhoneError as error:
            raise SwitchError("requestIncompatibleWithCallingDevice", str(error)) from None
        if phone.last_status is not None and phone.last_status >= 300:
            raise SwitchError("noCallToAnswer", f"{text}{argument} was refused")

    def _of(self, phone: VirtualPhone) -> ConnectionId | None:
        """The call that a phone is in now."""
        call = self._pbx.call_of(phone.active) if phone.active is not None else None
        call_id = self._pbx.ledger.call_id(call) if call is not None else None
        return self._names.connection(call_id, phone.name) if call_id is not None else None

    def _now(self, own: Own, device: str | None = None) -> ConnectionId | None:
        """What a call that was given away is called now, at who was given."""
        call_id = self._pbx.ledger.call_id(own.call)
        if call_id is None:
            return None
        parties = self._pbx.switch.call(call_id).connections
        left = [d for d in parties if d not in own.extension.device_users]
        at = device or next(iter(left), own.connection.device)
        return self._names.connection(call_id, at)
