"""Calls that go on under another id: transfer and conference."""

from __future__ import annotations

from dataclasses import replace

from protocols.csta.events.call import ConferencedEvent, TransferredEvent
from protocols.csta.ids import Device
from protocols.csta.shapes import ConnectionListItem
from protocols.csta.values import LocalConnectionState
from protocols.csta.view.model import CallView, DeviceView, Leg, Party, leg_key, party

_NULL = LocalConnectionState.NULL


def transferred(view: DeviceView, event: TransferredEvent) -> DeviceView:
    """Who transferred is out of it; the others go on, mostly under a new call id."""
    state = event.local_connection_info
    ours = view.owns(event.transferring_device)
    if state is _NULL or (state is None and ours):
        return view.without(_old_ids(event), event.cause)
    return _go_on(view, event, state, conference=False)


def conferenced(view: DeviceView, event: ConferencedEvent) -> DeviceView:
    if event.local_connection_info is _NULL:
        return view.without(_old_ids(event), event.cause)
    return _go_on(view, event, event.local_connection_info, conference=True)


def _old_ids(event: TransferredEvent | ConferencedEvent) -> list[str]:
    secondary = event.secondary_old_call
    return [event.primary_old_call.call_id, secondary.call_id if secondary else ""]


def _go_on(
    view: DeviceView,
    event: TransferredEvent | ConferencedEvent,
    state: LocalConnectionState | None,
    *,
    conference: bool,
) -> DeviceView:
    old_ids = _old_ids(event)
    before = [call for call in map(view.call, old_ids) if call is not None]
    if not before and any(view.end_of(call_id) for call_id in old_ids):
        return view.in_doubt()
    own = next((item for item in event.connections if _is_own(view, item)), None)
    new_id = _new_id(own, event.connections, before, old_ids)
    if not new_id or view.end_of(new_id) is not None:  # its end has overtaken its beginning
        return view.without(old_ids, event.cause).in_doubt()
    base = view.call(new_id) or (before[0] if before else CallView(new_id, incomplete=True))
    known = {item.number: item for call in before for item in call.parties}
    far = tuple(_party(item, known) for item in event.connections if not _is_own(view, item))
    device_id = own.new_connection.device_id if own and own.new_connection else ""
    if not device_id:  # we are not listed: nothing says that it is another device of ours now
        device_id = base.leg.device_id if base.legs else view.device
    current = base.state if base.legs else LocalConnectionState.CONNECTED
    leg = Leg(leg_key(device_id), device_id, state or current)
    answered = leg.state is not LocalConnectionState.ALERTING  # a consultation that still rings
    call = replace(
        base,
        call_id=new_id,
        legs=(leg,),
        parties=far or base.parties,
        answered=answered,
        conference=conference and len(far) > 1,
        held_by=frozenset(),
        moved=not conference,
        cause=event.cause,
        services=event.services_permitted or base.services,
    )
    after = view.without(old_ids, event.cause, became=new_id)
    return after.with_call(call, doubt=not before or answered is not base.answered)


def _is_own(view: DeviceView, item: ConnectionListItem) -> bool:
    device_id = item.new_connection.device_id if item.new_connection else ""
    return view.is_own(device_id) or view.owns(item.endpoint)


def _new_id(
    own: ConnectionListItem | None,
    items: tuple[ConnectionListItem, ...],
    before: list[CallView],
    old_ids: list[str],
) -> str:
    """Our new connection's; else that of any listed, for all are in one call."""
    for item in (own, *items):
        if item is not None and item.new_connection is not None and item.new_connection.call_id:
            return item.new_connection.call_id
    return before[0].call_id if before else old_ids[0]


def _party(item: ConnectionListItem, known: dict[str, Party]) -> Party:
    """The name may have been told earlier and be left out here."""
    device: Device | None = item.endpoint
    if (device is None or not device.known) and item.new_connection is not None:
        device = Device(item.new_connection.device_id)
    found = party(device)
    return found if found.name else known.get(found.number, found)
