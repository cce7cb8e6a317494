"""The events of a call with one far party, and a view that talks to it."""

from __future__ import annotations

from protocols.csta.events.call import (
    DeliveredEvent,
    EstablishedEvent,
)
from protocols.csta.ids import ConnectionId, Device
from protocols.csta.message import Event
from protocols.csta.shapes import (
    ServicesPermitted,
)
from protocols.csta.values import LocalConnectionState as State
from protocols.csta.view.model import DeviceView, new_view
from protocols.csta.view.reduce import reduce

ME = "4989700100"
CALLER = Device("N<4930555>Doe;displayNumber=0555")
OWN = Device(f"N<{ME}>Anna;displayNumber=100")
ANSWER = ServicesPermitted(call_control=frozenset(("answerCall", "deflectCall")))


def run(view: DeviceView, *events: Event) -> DeviceView:
    for event in events:
        view = reduce(view, event)
    return view


def ringing(device_id: str = ME, call_id: str = "A1") -> DeliveredEvent:
    return DeliveredEvent(
        connection=ConnectionId(call_id, device_id),
        alerting_device=OWN,
        calling_device=CALLER,
        called_device=OWN,
        local_connection_info=State.ALERTING,
        services_permitted=ANSWER,
        cause="newCall",
    )


def answered(device_id: str = ME, call_id: str = "A1") -> EstablishedEvent:
    return EstablishedEvent(
        established_connection=ConnectionId(call_id, device_id),
        answering_device=OWN,
        calling_device=CALLER,
        local_connection_info=State.CONNECTED,
    )


TALKING = run(new_view(ME), ringing(), answered())
