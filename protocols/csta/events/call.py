"""Call control and call associated events (ECMA-269 clauses 17.2 and 18.2).

Only the connection is demanded: everything else some platform leaves out at times.
"""

from __future__ import annotations

from typing import Annotated

from protocols.csta.ids import ConnectionId, Device, RedirectionDevice
from protocols.csta.message import Event
from protocols.csta.schema import At, wire
from protocols.csta.shapes import (
    ConnectionListItem,
    PrimaryOrSecondaryCall,
    ServicesPermitted,
)
from protocols.csta.values import LocalConnectionState


@wire
class CallEvent(Event):
    """What all events about a call have."""

    #: The monitored device's own connection after the event.
    local_connection_info: LocalConnectionState | None = None
    cause: str | None = None
    #: Absent: as before.
    services_permitted: ServicesPermitted | None = None
    network_calling_device: Device | None = None
    network_called_device: Device | None = None


@wire
class ServiceInitiatedEvent(CallEvent):
    initiated_connection: ConnectionId
    initiating_device: Device | None = None


@wire
class OriginatedEvent(CallEvent):
    originated_connection: ConnectionId
    calling_device: Device | None = None
    called_device: Device | None = None


@wire
class OfferedEvent(CallEvent):
    offered_connection: ConnectionId
    offered_device: Device | None = None
    calling_device: Device | None = None
    called_device: Device | None = None
    last_redirection_device: RedirectionDevice | None = None


@wire
class DeliveredEvent(CallEvent):
    connection: ConnectionId
    alerting_device: Device | None = None
    calling_device: Device | None = None
    called_device: Device | None = None
    last_redirection_device: RedirectionDevice | None = None


@wire
class EstablishedEvent(CallEvent):
    established_connection: ConnectionId
    answering_device: Device | None = None
    calling_device: Device | None = None
    called_device: Device | None = None
    last_redirection_device: RedirectionDevice | None = None


@wire
class NetworkReachedEvent(CallEvent):
    """The call has left for a network that may report nothing more."""

    outbound_connection: ConnectionId
    network_interface_used: Device | None = None
    calling_device: Device | None = None
    called_device: Device | None = None
    last_redirection_device: RedirectionDevice | None = None


@wire
class HeldEvent(CallEvent):
    held_connection: ConnectionId
    holding_device: Device | None = None


@wire
class RetrievedEvent(CallEvent):
    retrieved_connection: ConnectionId
    retrieving_device: Device | None = None


@wire
class QueuedEvent(CallEvent):
    queued_connection: ConnectionId
    queue: Device | None = None
    calling_device: Device | None = None
    called_device: Device | None = None
    last_redirection_device: RedirectionDevice | None = None


@wire
class DivertedEvent(CallEvent):
    connection: ConnectionId
    diverting_device: Device | None = None
    new_destination: Device | None = None
    calling_device: Device | None = None
    called_device: Device | None = None
    last_redirection_device: RedirectionDevice | None = None


@wire
class FailedEvent(CallEvent):
    failed_connection: ConnectionId
    failing_device: Device | None = None
    calling_device: Device | None = None
    called_device: Device | None = None
    last_redirection_device: RedirectionDevice | None = None


@wire
class ConnectionClearedEvent(CallEvent):
    dropped_connection: ConnectionId
    releasing_device: Device | None = None


@wire
class TransferredEvent(CallEvent):
    """OpenScape Voice spells the root with one r; inside it has two."""

    primary_old_call: ConnectionId
    secondary_old_call: ConnectionId | None = None
    transferring_device: Device | None = None
    transferred_to_device: Device | None = None
    connections: Annotated[
        tuple[ConnectionListItem, ...], At("transferredConnections/connectionListItem")
    ] = ()


@wire
class ConferencedEvent(CallEvent):
    primary_old_call: ConnectionId
    secondary_old_call: ConnectionId | None = None
    conferencing_device: Device | None = None
    added_party: Device | None = None
    connections: Annotated[
        tuple[ConnectionListItem, ...], At("conferenceConnections/connectionListItem")
    ] = ()


@wire
class CallInformationEvent(CallEvent):
    connection: ConnectionId
    device: Device | None = None
    calling_device: Device | None = None


@wire
class DigitsGeneratedEvent(CallEvent):
    connection: ConnectionId
    digit_generated_list: str = ""


@wire
class ServiceCompletionFailureEvent(CallEvent):
    """A service that was answered positively failed later: a move, a blind transfer."""

    primary_call: PrimaryOrSecondaryCall
    secondary_call: PrimaryOrSecondaryCall | None = None
