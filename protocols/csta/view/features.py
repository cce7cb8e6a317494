"""What a device's own events and answers say: DND, forwarding, lamp, service, hunt groups."""

from __future__ import annotations

from dataclasses import replace

from protocols.csta.device_names import parse_device
from protocols.csta.events.device import (
    AgentEvent,
    AgentLoggedOffEvent,
    AgentLoggedOnEvent,
    BackInServiceEvent,
    DeviceCapsChangedEvent,
    DoNotDisturbEvent,
    ForwardingEvent,
    MessageWaitingEvent,
    OutOfServiceEvent,
)
from protocols.csta.message import Event, Response
from protocols.csta.services.features import (
    AgentStateEntry,
    GetAgentStateResponse,
    GetDoNotDisturbResponse,
    GetForwardingResponse,
    GetMessageWaitingIndicatorResponse,
)
from protocols.csta.services.monitoring import SnapshotDeviceResponse
from protocols.csta.services.system import GetLogicalDeviceInformationResponse
from protocols.csta.shapes import ForwardListItem, HuntGroupState
from protocols.csta.view.model import DeviceView


def reduce_feature(view: DeviceView, event: Event) -> DeviceView:
    match event:
        case DoNotDisturbEvent(do_not_disturb_on=on):
            return replace(view, do_not_disturb=on)
        case MessageWaitingEvent(message_waiting_on=on):
            return replace(view, message_waiting=on)
        case ForwardingEvent():
            return _forwarded(view, event)
        case BackInServiceEvent():
            return replace(view, in_service=True)
        case OutOfServiceEvent():
            return replace(view, in_service=False)
        case DeviceCapsChangedEvent(private=private) if private and private.desk_phone is not None:
            return replace(view, in_service=private.desk_phone)
        case AgentEvent(private=private) if private and private.hunt_groups is not None:
            return replace(view, hunt_groups=private.hunt_groups)
        case AgentLoggedOnEvent() | AgentLoggedOffEvent():
            return _logged(view, event)
        case _:
            return view


def _forwarded(view: DeviceView, event: ForwardingEvent) -> DeviceView:
    item = ForwardListItem(
        forwarding_type=event.forwarding_type,
        forward_status=event.forward_status,
        forward_dn=event.forward_to or "",
        ring_count=event.ring_count,
    )
    others = tuple(old for old in view.forwarding if old.forwarding_type != item.forwarding_type)
    return replace(view, forwarding=(*others, item))


def _logged(view: DeviceView, event: AgentEvent) -> DeviceView:
    """Of one group, where the event does not list them all."""
    busy = isinstance(event, AgentLoggedOffEvent)
    number = parse_device(event.agent_group or "").number
    return replace(
        view,
        hunt_groups=tuple(
            replace(group, busy=busy) if group.pilot == number else group
            for group in view.hunt_groups
        ),
    )


def _group(entry: AgentStateEntry) -> HuntGroupState:
    found = parse_device(entry.agent_group or "")
    return HuntGroupState(name=found.name, pilot=found.number, busy=not entry.logged_on_state)


def learn(view: DeviceView, response: Response) -> DeviceView:
    """What an answer to a Get request, or to SnapshotDevice, says about the device."""
    match response:
        case GetDoNotDisturbResponse(do_not_disturb_on=on):
            return replace(view, do_not_disturb=on)
        case GetMessageWaitingIndicatorResponse(message_waiting_on=on):
            return replace(view, message_waiting=on)
        case GetForwardingResponse(forwarding_list=items):
            return replace(view, forwarding=items)
        case GetLogicalDeviceInformationResponse(has_physical_element=there):
            return replace(view, in_service=there)
        case SnapshotDeviceResponse(private=private) if private and private.desk_phone is not None:
            return replace(view, in_service=private.desk_phone)
        case GetAgentStateResponse(private=private) if private and private.hunt_groups is not None:
            return replace(view, hunt_groups=private.hunt_groups)
        case GetAgentStateResponse(entries=entries) if any(item.agent_group for item in entries):
            return replace(view, hunt_groups=tuple(map(_group, entries)))
        case _:
            return view
