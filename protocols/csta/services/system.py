"""System status and capability exchange (ECMA-269 clauses 13 and 14)."""

from __future__ import annotations

from typing import Annotated

from protocols.csta.message import Request, Response
from protocols.csta.schema import At, wire
from protocols.csta.values import SystemState


@wire
class SystemRegister(Request):
    """Asks for SystemStatus from now on."""

    system_status: Annotated[bool, At("requestTypes/systemStatus")] = False
    request_system_status: Annotated[bool, At("requestTypes/requestSystemStatus")] = False


@wire
class SystemRegisterResponse(Response):
    sys_stat_register_id: str = ""


@wire
class SystemStatus(Request):
    """Sent by the switching function on its own: at the start, as heartbeat, on trouble.

    An absent status is a sign of life and nothing more.
    """

    sys_stat_register_id: str | None = None
    system_status: SystemState | None = None


@wire
class SystemStatusResponse(Response):
    pass


@wire
class RequestSystemStatus(Request):
    pass


@wire
class RequestSystemStatusResponse(Response):
    system_status: SystemState | None = None


@wire
class GetLogicalDeviceInformation(Request):
    device: str


@wire
class GetLogicalDeviceInformationResponse(Response):
    #: OpenScape Voice: whether a desk phone stands behind the number.
    has_physical_element: bool


@wire
class GetCSTAFeatures(Request):
    """Which services and events the other side has at all (uaCSTA, ECMA TR/87)."""


@wire
class GetCSTAFeaturesResponse(Response):
    call_control: Annotated[frozenset[str], At("supportedServices/callControlServices")] = (
        frozenset()
    )
    call_associated: Annotated[frozenset[str], At("supportedServices/callAssociatedServices")] = (
        frozenset()
    )
    logical_device: Annotated[frozenset[str], At("supportedServices/logicalDeviceServices")] = (
        frozenset()
    )
    call_control_events: Annotated[frozenset[str], At("supportedEvents/callControlEvents")] = (
        frozenset()
    )
