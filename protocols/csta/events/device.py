"""Device feature and maintenance events (ECMA-269 clauses 21.2, 22.2, 23)."""

from __future__ import annotations

from protocols.csta.ids import Device
from protocols.csta.message import Event
from protocols.csta.schema import wire
from protocols.csta.values import ForwardingType


@wire
class DeviceEvent(Event):
    device: Device | None = None
    cause: str | None = None


@wire
class DoNotDisturbEvent(DeviceEvent):
    do_not_disturb_on: bool


@wire
class ForwardingEvent(DeviceEvent):
    forwarding_type: ForwardingType | None = None
    forward_status: bool
    forward_to: str | None = None
    ring_count: int | None = None


@wire
class MessageWaitingEvent(Event):
    target_device: Device | None = None
    message_waiting_on: bool


@wire
class BackInServiceEvent(DeviceEvent):
    pass


@wire
class OutOfServiceEvent(DeviceEvent):
    pass


@wire
class DeviceCapsChangedEvent(DeviceEvent):
    """OpenScape says here, in `private.desk_phone`, whether the desk phone is registered."""


@wire
class CallBackEvent(Event):
    originating_device: Device | None = None
    target_device: Device | None = None
    call_back_set_canceled: str | None = None


@wire
class AgentEvent(Event):
    """The private data lists the hunt groups with the user's state in each."""

    agent_device: Device | None = None
    agent_group: str | None = None
    cause: str | None = None


@wire
class AgentLoggedOnEvent(AgentEvent):
    pass


@wire
class AgentLoggedOffEvent(AgentEvent):
    pass


@wire
class AgentNotReadyEvent(AgentEvent):
    pass


@wire
class AgentReadyEvent(AgentEvent):
    pass


@wire
class AgentBusyEvent(AgentEvent):
    pass


@wire
class AgentWorkingAfterCallEvent(AgentEvent):
    pass
