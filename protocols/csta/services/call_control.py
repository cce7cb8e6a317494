"""Call control services (ECMA-269 clause 17.1) and GenerateDigits (clause 18).

Field names are those of ECMA-269 / ECMA-285, order too.
"""

from __future__ import annotations

from typing import Annotated

from protocols.csta.ids import ConnectionId
from protocols.csta.message import Request, Response
from protocols.csta.schema import At, wire
from protocols.csta.shapes import ConnectionListItem
from protocols.csta.values import AutoOriginate


@wire
class MakeCall(Request):
    calling_device: str
    called_directory_number: str
    #: ECMA-269 takes absence as `prompt`.
    auto_originate: AutoOriginate | None = None


@wire
class MakeCallResponse(Response):
    calling_device: ConnectionId


@wire
class AcceptCall(Request):
    """Lets an offered call ring."""

    call_to_be_accepted: ConnectionId


@wire
class AcceptCallResponse(Response):
    pass


@wire
class AnswerCall(Request):
    call_to_be_answered: ConnectionId


@wire
class AnswerCallResponse(Response):
    pass


@wire
class ClearConnection(Request):
    connection_to_be_cleared: ConnectionId
    #: A cause; `busy` makes the caller hear busy.
    reason: str | None = None


@wire
class ClearConnectionResponse(Response):
    pass


@wire
class HoldCall(Request):
    call_to_be_held: ConnectionId
    #: OpenScape Business: `exclusiveHold`; stands outside the private data.
    hold_options: Annotated[str | None, At("extensions/zhOs")] = None


@wire
class HoldCallResponse(Response):
    pass


@wire
class RetrieveCall(Request):
    call_to_be_retrieved: ConnectionId


@wire
class RetrieveCallResponse(Response):
    pass


@wire
class AlternateCall(Request):
    held_call: ConnectionId
    active_call: ConnectionId


@wire
class AlternateCallResponse(Response):
    pass


@wire
class ReconnectCall(Request):
    """Clears the active call and retrieves the held one."""

    active_call: ConnectionId
    held_call: ConnectionId


@wire
class ReconnectCallResponse(Response):
    pass


@wire
class ConsultationCall(Request):
    existing_call: ConnectionId
    #: Absent: the call is only held (OpenScape Business).
    consulted_device: str | None = None


@wire
class ConsultationCallResponse(Response):
    initiated_call: ConnectionId | None = None


@wire
class TransferCall(Request):
    held_call: ConnectionId
    active_call: ConnectionId


@wire
class TransferCallResponse(Response):
    transferred_call: ConnectionId | None = None


@wire
class ConferenceCall(Request):
    held_call: ConnectionId
    active_call: ConnectionId


@wire
class ConferenceCallResponse(Response):
    conference_call: ConnectionId | None = None
    connections: Annotated[
        tuple[ConnectionListItem, ...] | None, At("connections/connectionListItem")
    ] = None


@wire
class SingleStepTransferCall(Request):
    """Blind transfer; also moves a call between a user's own devices."""

    active_call: ConnectionId
    transferred_to: str


@wire
class SingleStepTransferCallResponse(Response):
    transferred_call: ConnectionId | None = None


@wire
class DeflectCall(Request):
    call_to_be_diverted: ConnectionId
    new_destination: str


@wire
class DeflectCallResponse(Response):
    pass


@wire
class DirectedPickupCall(Request):
    call_to_be_picked_up: ConnectionId
    requesting_device: str


@wire
class DirectedPickupCallResponse(Response):
    picked_call: ConnectionId | None = None


@wire
class GroupPickupCall(Request):
    new_destination: str
    pick_group: str | None = None


@wire
class GroupPickupCallResponse(Response):
    picked_call: ConnectionId | None = None


@wire
class ParkCall(Request):
    parking: ConnectionId
    park_to: str


@wire
class ParkCallResponse(Response):
    parked_to: ConnectionId | None = None


@wire
class GenerateDigits(Request):
    connection_to_send_digits: ConnectionId
    characters_to_send: str
    #: Milliseconds a digit.
    tone_duration: int | None = None


@wire
class GenerateDigitsResponse(Response):
    pass
