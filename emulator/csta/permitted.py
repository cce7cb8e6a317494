"""``servicesPermitted``: what the switch allows and this device can really do.

A virtual phone obeys in everything. At a SIP device the PBX can end, move and park a call and send
digits; lifting its handset or holding for it is the device's own business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.calls.call import PbxCall
from emulator.calls.end import End
from emulator.phones.local_end import LocalEnd
from emulator.switch import permitted
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
    found = permitted.services(pbx.switch, connection)
    where = pbx.find(connection.call, connection.device)
    if where is None:
        return found & {"clearConnection"}
    call, end = where
    if call.keeper is not None:  # on its way to somebody else
        return found & {"clearConnection"}
    if not isinstance(end, LocalEnd):
        found &= _BY_THE_PBX
    return found - _impossible(pbx, call, end)


def _impossible(pbx: Pbx, call: PbxCall, end: End) -> frozenset[str]:
    """What the model would allow, but not these phones."""
    extension = pbx.plan.of_device(end.name)
    phone = pbx.phones.get(extension.number) if extension is not None else None
    lacking: set[str] = set()
    if phone is None or (phone.end is not end and end not in phone.held):
        lacking |= {"answerCall"}
    peer = call.other(end)
    if peer is None or peer.silent:
        lacking |= {"singleStepTransferCall", "parkCall", "transferCall", "conferenceCall"}
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
