"""Structures that many messages share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from protocols.csta.ids import ConnectionId, Device, Endpoint
from protocols.csta.schema import At, wire
from protocols.csta.values import ForwardingType, LocalConnectionState


@wire
class ServicesPermitted:
    """Which services the switching function would take now, by their names in lower camel case.

    All five lists stand in every long message, as ECMA-269 has them mandatory.
    """

    call_control: Annotated[frozenset[str], At("callControlServices")] = frozenset()
    call_associated: Annotated[frozenset[str], At("callAssociatedServices")] = frozenset()
    media_attachment: Annotated[frozenset[str], At("mediaAttachmentServices")] = frozenset()
    routeing: Annotated[frozenset[str], At("routeingServices")] = frozenset()
    voice: Annotated[frozenset[str], At("voiceServices")] = frozenset()


@wire
class HuntGroupState:
    """A user's state in one hunt group; `busy` means that no calls of the group come."""

    name: Annotated[str, At("zgNM")] = ""
    pilot: Annotated[str, At("zgDN")] = ""
    busy: Annotated[bool | None, At("zMB")] = None


@wire
class Private:
    """Siemens private data. Long names are those seen in long messages (`scx:`); the others are
    known by their short tag alone and have that name in both styles."""

    static_ond_active: bool | None = None
    static_ond_dn: str | None = None
    extended_services: Annotated[frozenset[str] | None, At("extendedServicesPermitted")] = None
    seamless_handover: Annotated[bool | None, At("zseHo")] = None
    transfer_target: Annotated[str | None, At("ztTgt")] = None
    deflect_target: Annotated[str | None, At("zdT")] = None
    desk_phone: Annotated[bool | None, At("zdP")] = None
    epid: Annotated[str | None, At("zEpid")] = None
    mobile: Annotated[str | None, At("zxsm")] = None
    voicemail_active: Annotated[bool | None, At("zvMA")] = None
    voicemail_ring_duration: Annotated[int | None, At("zvMRD")] = None
    main_ring_duration: Annotated[int | None, At("zmRD")] = None
    client_ring_duration: Annotated[int | None, At("zcRD")] = None
    cell_ring_duration: Annotated[int | None, At("zcpRD")] = None
    alternative_number: Annotated[str | None, At("zcPN")] = None
    route_to_cell: Annotated[bool | None, At("zrTCN")] = None
    override_profile: Annotated[bool | None, At("zoP")] = None
    forwarding_caps_changed: Annotated[bool | None, At("zfCC")] = None
    hunt_groups: Annotated[tuple[HuntGroupState, ...] | None, At("zeMBSL/zeMBS")] = None


PrivateData: TypeAlias = Annotated[Private | None, At("extensions/privateData/private")]

#: The value of `transfer_target` and `deflect_target` that makes the new device answer by itself.
AUTO_ANSWER = "Auto-Answer"


@wire
class ForwardListItem:
    forwarding_type: ForwardingType | None = None
    forward_status: bool
    forward_dn: str = ""
    ring_count: int | None = None


@wire
class ConnectionListItem:
    """A connection after a transfer or conference, and the device at its end."""

    new_connection: ConnectionId | None = None
    old_connection: ConnectionId | None = None
    endpoint: Endpoint | None = None


@wire
class SnapshotDeviceItem:
    """One call of a device. The first state is the device's own, the others its partners'."""

    connection_identifier: ConnectionId
    states: Annotated[
        tuple[LocalConnectionState, ...] | None,
        At("localCallState/compoundCallState/localConnectionState"),
    ] = None
    simple_state: Annotated[str | None, At("localCallState/simpleCallState")] = None
    services_permitted: ServicesPermitted | None = None


@wire
class SnapshotCallItem:
    """One device in a call."""

    device_on_call: Device
    call_identifier: ConnectionId | None = None
    local_connection_info: Annotated[
        LocalConnectionState | None, At("localConnectionInfo", ("localConnectionState",))
    ] = None
    services_permitted: ServicesPermitted | None = None


@wire
class PrimaryOrSecondaryCall:
    device_id: str = ""
    connection_id: ConnectionId
    local_connection_state: LocalConnectionState | None = None
