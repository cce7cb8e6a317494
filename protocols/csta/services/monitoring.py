"""Monitors and snapshots (ECMA-269 clauses 15 and 16)."""

from __future__ import annotations

from typing import Annotated

from protocols.csta.ids import ConnectionId, Device
from protocols.csta.message import Request, Response
from protocols.csta.schema import At, wire
from protocols.csta.shapes import ServicesPermitted, SnapshotCallItem, SnapshotDeviceItem
from protocols.csta.values import MonitorType


@wire
class MonitorStart(Request):
    device: Annotated[str, At("monitorObject/deviceObject")]
    monitor_type: MonitorType | None = None


@wire
class MonitorStartResponse(Response):
    monitor_cross_ref_id: str
    monitor_existing_calls: bool | None = None


@wire
class MonitorStop(Request):
    """Either side may send it: a switching function that drops a monitor says so."""

    monitor_cross_ref_id: str


@wire
class MonitorStopResponse(Response):
    pass


@wire
class SnapshotDevice(Request):
    snapshot_object: str


@wire
class SnapshotDeviceResponse(Response):
    calls: Annotated[
        tuple[SnapshotDeviceItem, ...],
        At("crossRefIDorSnapshotData/snapshotData/snapshotDeviceResponseInfo"),
    ] = ()


@wire
class SnapshotCall(Request):
    snapshot_object: ConnectionId


@wire
class SnapshotCallResponse(Response):
    endpoints: Annotated[
        tuple[SnapshotCallItem, ...],
        At("crossRefIDorSnapshotData/snapshotData/snapshotCallResponseInfo"),
    ] = ()
    calling_device: Device | None = None
    called_device: Device | None = None
    services_permitted: ServicesPermitted | None = None
