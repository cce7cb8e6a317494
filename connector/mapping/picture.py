"""A line's view told from the beginning: what the link gets first in every new epoch."""

from __future__ import annotations

from protocols.csta.device_names import DeviceName
from protocols.csta.events.device import BackInServiceEvent, OutOfServiceEvent
from protocols.csta.ids import NOT_KNOWN, ConnectionId, Device, DeviceStatus
from protocols.csta.message import Message
from protocols.csta.services.features import (
    AgentStateEntry,
    GetAgentStateResponse,
    GetDoNotDisturbResponse,
    GetForwardingResponse,
    GetMessageWaitingIndicatorResponse,
)
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse
from protocols.csta.shapes import SnapshotCallItem, SnapshotDeviceItem
from protocols.csta.values import AgentState, LocalConnectionState
from protocols.csta.view.model import CallView, DeviceView, Direction, Party

_ALERTING = LocalConnectionState.ALERTING
_CONNECTED, _HOLD = LocalConnectionState.CONNECTED, LocalConnectionState.HOLD


def device_picture(view: DeviceView) -> SnapshotDeviceResponse:
    """Which calls there are, each with all its own connections."""
    return SnapshotDeviceResponse(
        calls=tuple(
            SnapshotDeviceItem(
                connection_identifier=ConnectionId(call.call_id, leg.device_id),
                states=(leg.state, *(_far_state(call, far) for far in call.parties)),
                services_permitted=call.services if leg is call.leg else None,
            )
            for call in view.calls
            for leg in sorted(call.legs, key=lambda leg: leg is not call.leg)
        )
    )


def call_picture(view: DeviceView, call: CallView) -> SnapshotCallResponse:
    """Who is in it, and in what state."""
    own = tuple(
        SnapshotCallItem(
            device_on_call=Device(leg.device_id or view.device),
            call_identifier=ConnectionId(call.call_id, leg.device_id or view.device),
            local_connection_info=leg.state,
        )
        for leg in call.legs
    )
    far = tuple(
        SnapshotCallItem(
            device_on_call=_device(party),
            call_identifier=ConnectionId(call.call_id, party.number),
            local_connection_info=_far_state(call, party),
        )
        for party in call.parties
    )
    other = _device(call.parties[0]) if call.parties else NOT_KNOWN
    mine = Device(view.device)
    outgoing = call.direction is Direction.OUT
    return SnapshotCallResponse(
        endpoints=(*own, *far),
        calling_device=mine if outgoing else other,
        called_device=other if outgoing else mine,
        services_permitted=call.services,
    )


def feature_pictures(view: DeviceView) -> list[Message]:
    """What is known of the extension beside its calls."""
    told: list[Message] = []
    if view.in_service is not None:
        event = BackInServiceEvent if view.in_service else OutOfServiceEvent
        told.append(event(device=Device(view.device)))
    if view.do_not_disturb is not None:
        told.append(GetDoNotDisturbResponse(do_not_disturb_on=view.do_not_disturb))
    if view.forwarding:
        told.append(GetForwardingResponse(forwarding_list=view.forwarding))
    if view.message_waiting is not None:
        told.append(GetMessageWaitingIndicatorResponse(message_waiting_on=view.message_waiting))
    if view.hunt_groups:
        told.append(hunt_group_picture(view))
    return told


def hunt_group_picture(view: DeviceView) -> GetAgentStateResponse:
    """In the standard's words: OpenScape lists the groups in private data."""
    entries = (
        AgentStateEntry(
            logged_on_state=not group.busy,
            agent_group=str(DeviceName(group.pilot, name=_plain(group.name))),
            state=AgentState.NOT_READY if group.busy else AgentState.READY,
        )
        for group in view.hunt_groups
    )
    return GetAgentStateResponse(entries=tuple(entries))


def _plain(name: str) -> str:
    return name.replace("<", "").replace(">", "")


def _far_state(call: CallView, party: Party) -> LocalConnectionState:
    if party.number in call.held_by:
        return _HOLD
    if not call.answered and call.direction is Direction.OUT:
        return _ALERTING
    return _CONNECTED


def _device(party: Party) -> Device:
    if party.restricted:
        return Device(status=DeviceStatus.RESTRICTED)
    if not party.number:
        return NOT_KNOWN
    return Device(f"N<{party.number}>{_plain(party.name)}")
