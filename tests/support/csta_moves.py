"""What a platform tells of a call that goes between the desk phone and our line."""

from __future__ import annotations

from dataclasses import replace

from protocols.csta.events.call import (
    DeliveredEvent,
    EstablishedEvent,
    ServiceCompletionFailureEvent,
    TransferredEvent,
)
from protocols.csta.ids import ConnectionId, Device, Endpoint
from protocols.csta.message import Event
from protocols.csta.shapes import ConnectionListItem, PrimaryOrSecondaryCall
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_line import PlatformLine, permitted

TALKS = permitted("holdCall", "clearConnection", "singleStepTransfer")


def far_answers(pbx: PlatformLine) -> EstablishedEvent:
    """Whom the desk phone, or our line, has called."""
    return EstablishedEvent(
        monitor_cross_ref_id="7",
        established_connection=ConnectionId(pbx.call_id, pbx.far),
        answering_device=Device(f"N<{pbx.far}>Otto"),
        calling_device=Device("N<101>"),
        called_device=Device(f"N<{pbx.far}>Otto"),
        local_connection_info=State.CONNECTED,
        cause="newCall",
        services_permitted=TALKS,
    )


def rings_to_take_over(pbx: PlatformLine, at: str) -> Event:
    delivered = pbx.delivered(at)
    assert isinstance(delivered, DeliveredEvent)
    return replace(delivered, cause="singleStepTransfer", services_permitted=None)


def went_to(pbx: PlatformLine, at: str, new: str) -> TransferredEvent:
    """The call goes on at another own device, under a new id."""

    def item(device: str) -> ConnectionListItem:
        return ConnectionListItem(
            new_connection=ConnectionId(new, device), endpoint=Endpoint(device)
        )

    before = pbx.desk if at == pbx.line else pbx.line
    return TransferredEvent(
        monitor_cross_ref_id="7",
        primary_old_call=ConnectionId(pbx.call_id, before),
        transferring_device=Device(before),
        transferred_to_device=Device(at),
        connections=(item(at), item(f"N<{pbx.far}>")),
        local_connection_info=State.CONNECTED,
        cause="singleStepTransfer",
        services_permitted=TALKS,
    )


def not_taken(pbx: PlatformLine, stays_at: str) -> ServiceCompletionFailureEvent:
    here = ConnectionId(pbx.call_id, stays_at)
    return ServiceCompletionFailureEvent(
        monitor_cross_ref_id="7",
        primary_call=PrimaryOrSecondaryCall(connection_id=here),
        local_connection_info=State.CONNECTED,
        cause="destNotObtainable",
        services_permitted=TALKS,
    )
