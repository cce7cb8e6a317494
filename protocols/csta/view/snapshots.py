"""Snapshots overrule what events made us believe (after a reconnect, and whenever in doubt)."""

from __future__ import annotations

from dataclasses import replace

from protocols.csta.ids import ConnectionId
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse
from protocols.csta.shapes import SnapshotCallItem, SnapshotDeviceItem
from protocols.csta.values import LocalConnectionState
from protocols.csta.view.features import learn
from protocols.csta.view.model import CallView, DeviceView, Direction, Leg, leg_key, party

_NULL, _HOLD = LocalConnectionState.NULL, LocalConnectionState.HOLD
_ALERTING, _CONNECTED = LocalConnectionState.ALERTING, LocalConnectionState.CONNECTED
_TALKING = frozenset((_CONNECTED, _HOLD))

#: ECMA-269 simple call states by what they say of the device's own connection.
_SIMPLE = {
    "callPending": LocalConnectionState.INITIATED,
    "callOriginated": _CONNECTED,
    "callDelivered": _CONNECTED,
    "callDeliveredHeld": _CONNECTED,
    "callReceived": _ALERTING,
    "callEstablished": _CONNECTED,
    "callEstablishedHeld": _CONNECTED,
    "callReceivedOnHold": _HOLD,
    "callEstablishedOnHold": _HOLD,
    "callQueued": LocalConnectionState.QUEUED,
    "callQueuedHeld": LocalConnectionState.QUEUED,
    "callFailed": LocalConnectionState.FAIL,
    "callFailedHeld": LocalConnectionState.FAIL,
    "callBlocked": LocalConnectionState.FAIL,
    "callNull": _NULL,
}


def reconcile(view: DeviceView, snapshot: SnapshotDeviceResponse) -> DeviceView:
    """Exactly the calls of the snapshot, in their states. What else is known of a call stays until
    its SnapshotCall comes (`complete`)."""
    legs: dict[str, list[Leg]] = {}
    items: dict[str, SnapshotDeviceItem] = {}
    for item in snapshot.calls:
        connection, state = item.connection_identifier, _own_state(item)
        if connection.call_id and state is not _NULL:
            device_id = connection.device_id or view.device
            legs.setdefault(connection.call_id, []).append(
                Leg(leg_key(device_id), device_id, state)
            )
            items.setdefault(connection.call_id, item)
    gone = [call.call_id for call in view.calls if call.call_id not in legs]
    after = view.without(gone, None)
    for call_id, item in items.items():
        call = view.call(call_id) or CallView(call_id)
        call = replace(call, legs=tuple(legs[call_id]), incomplete=True)
        after = after.with_call(
            replace(
                call,
                answered=_answered(call.state, list(item.states or ())[1:]),
                services=item.services_permitted or call.services,
            )
        )
    return replace(learn(after, snapshot), doubtful=False)


def _own_state(item: SnapshotDeviceItem) -> LocalConnectionState:
    if item.states:
        return item.states[0]
    return _SIMPLE.get(item.simple_state or "", _CONNECTED)


def _answered(own: LocalConnectionState, others: list[LocalConnectionState]) -> bool:
    return own in _TALKING and _ALERTING not in others


def complete(
    view: DeviceView, connection: ConnectionId, snapshot: SnapshotCallResponse
) -> DeviceView:
    """Who is in a call, and in what state. A call that has ended since stays ended."""
    call = view.call(connection.call_id)
    if call is None:
        return view
    own = [item for item in snapshot.endpoints if _is_own(view, item)]
    far = [item for item in snapshot.endpoints if not _is_own(view, item)]
    legs = tuple(leg for leg in (_leg(view, item) for item in own) if leg is not None)
    if legs:
        call = replace(call, legs=legs)
    if far:
        call = replace(
            call,
            parties=tuple(party(item.device_on_call) for item in far),
            held_by=frozenset(
                party(item.device_on_call).number
                for item in far
                if item.local_connection_info is _HOLD
            ),
            answered=_answered(
                call.state, [s for s in (item.local_connection_info for item in far) if s]
            ),
            conference=len(far) > 1,
        )
    call = replace(
        call,
        direction=_direction(view, snapshot) or call.direction,
        services=snapshot.services_permitted or call.services,
        incomplete=False,
    )
    return view.with_call(call)


def _is_own(view: DeviceView, item: SnapshotCallItem) -> bool:
    device_id = item.call_identifier.device_id if item.call_identifier else ""
    return view.owns(item.device_on_call) or view.is_own(device_id)


def _leg(view: DeviceView, item: SnapshotCallItem) -> Leg | None:
    state = item.local_connection_info
    if state is None or state is _NULL:
        return None
    device_id = item.call_identifier.device_id if item.call_identifier else ""
    device_id = device_id or item.device_on_call.identifier or view.device
    return Leg(leg_key(device_id), device_id, state)


def _direction(view: DeviceView, snapshot: SnapshotCallResponse) -> Direction | None:
    if view.owns(snapshot.calling_device):
        return Direction.OUT
    return Direction.IN if view.owns(snapshot.called_device) else None
