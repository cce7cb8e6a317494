"""``servicesPermitted``: what the switch allows and this device can really do.

A virtual phone obeys in everything. At a SIP device the PBX can end, move and park a call and send
digits; lifting its handset or holding for it is the device's own business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.calls.call import CallState, PbxCall
from emulator.calls.end import End
from emulator.csta.quirks import QUIRKS
from emulator.phones.local_end import LocalEnd
from emulator.plan.model import Kind
from emulator.switch import permitted
from emulator.switch.codes import Code
from emulator.switch.model import ConnectionId, State
from protocols.csta.shapes import ServicesPermitted

if TYPE_CHECKING:
    from emulator.pbx import Pbx

_CALL_ASSOCIATED = frozenset({"generateDigits"})
#: ECMA-323 names some permissions otherwise than their services.
_WRITTEN = {
    "singleStepTransferCall": "singleStepTransfer",
    "callBackCallRelated": "callBack",
    "campOnCall": "camponCall",
}
_BY_THE_PBX = frozenset(
    {
        "clearConnection",
        "deflectCall",
        "singleStepTransferCall",
        "transferCall",
        "parkCall",
        "generateDigits",
        "callBackCallRelated",
    }
)
#: While a call is offered and does not ring yet.
OFFERED = frozenset({"acceptCall", "deflectCall", "clearConnection"})
#: Best first: which of several own connections a request without a device means.
PREFERENCE = (
    State.CONNECTED,
    State.HOLD,
    State.FAIL,
    State.INITIATED,
    State.QUEUED,
    State.ALERTING,
)


def services(pbx: Pbx, connection: ConnectionId) -> frozenset[str]:
    """What may be asked for this connection now."""
    found = permitted.services(pbx.switch, connection) - {"campOnCall"}
    where = pbx.find(connection.call, connection.device)
    owner = pbx.plan.of_device(connection.device)
    if owner is not None and pbx.offering.of(connection.call, owner) is not None:
        return OFFERED
    if where is None:
        return found & {"clearConnection"}
    found |= _more(pbx, connection, *where)
    call, end = where
    if call.keeper is not None:  # on its way to somebody else
        return found & {"clearConnection"}
    if not isinstance(end, LocalEnd):
        found &= _BY_THE_PBX
    return found - _impossible(pbx, call, end)


def _more(pbx: Pbx, connection: ConnectionId, call: PbxCall, end: End) -> frozenset[str]:
    """What the phones can do beyond the basic model: swap while answering, callback."""
    state, more = pbx.switch.state(connection), set[str]()
    if state is State.ALERTING and QUIRKS[pbx.config.profile].dialect.alternates_on_answer:
        phone = pbx.phone_of(end)
        if phone is not None and phone.waiting is end:
            more.add("answerCall")
    rings = call.caller is end and call.state is CallState.RINGING
    target = pbx.plan.resolve(call.dialled)
    if state is State.CONNECTED and rings and target is not None and target.kind is Kind.USER:
        more.add("callBackCallRelated")
    return frozenset(more)


def _impossible(pbx: Pbx, call: PbxCall, end: End) -> frozenset[str]:
    """What the model would allow, but not these phones."""
    phone, lacking = pbx.phone_of(end), set[str]()
    if phone is None:
        lacking |= {"answerCall"}
    if phone is not None and end in phone.held and end is not phone.held[-1]:
        lacking |= {"retrieveCall"}  # the phone takes them back in turn
    if pbx.codes.code(Code.CONFERENCE) is None:
        lacking |= {"conferenceCall"}
    peer = call.other(end)
    if peer is None or peer.silent:
        lacking |= {"singleStepTransferCall", "parkCall", "conferenceCall"}
        if call.state is not CallState.RINGING:
            lacking |= {"transferCall"}
    return frozenset(lacking)


def best(pbx: Pbx, call_id: str, devices: tuple[str, ...]) -> str | None:
    """Of the devices of one extension, the one that stands for it in a call."""
    call = pbx.switch.calls.get(call_id)
    if call is None:
        return None
    own = [device for device in devices if device in call.connections]
    return min(own, key=lambda d: PREFERENCE.index(call.connections[d]), default=None)


def written(found: frozenset[str]) -> ServicesPermitted:
    return ServicesPermitted(
        call_control=frozenset(_WRITTEN.get(name, name) for name in found - _CALL_ASSOCIATED),
        call_associated=found & _CALL_ASSOCIATED,
    )
