"""How things are now: the answers to questions that change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.csta import permitted
from emulator.csta.names import Names
from emulator.plan.model import Extension
from emulator.switch.features import Features, Origin, When
from emulator.switch.model import Call, ConnectionId, State, SwitchError
from protocols.csta import ids
from protocols.csta.ids import NOT_KNOWN, Device, DeviceStatus
from protocols.csta.services.features import GetForwardingResponse
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse
from protocols.csta.shapes import (
    ForwardListItem,
    Private,
    ServicesPermitted,
    SnapshotCallItem,
    SnapshotDeviceItem,
)
from protocols.csta.values import ForwardingType, LocalConnectionState

if TYPE_CHECKING:
    from emulator.pbx import Pbx

#: How forwardings of one origin are told apart in CSTA: forwardImmediate, forwardImmInt and so on.
KINDS: dict[tuple[When, Origin], ForwardingType] = {
    (When.IMMEDIATE, Origin.ANY): ForwardingType.IMMEDIATE,
    (When.IMMEDIATE, Origin.INTERNAL): ForwardingType.IMMEDIATE_INTERNAL,
    (When.IMMEDIATE, Origin.EXTERNAL): ForwardingType.IMMEDIATE_EXTERNAL,
    (When.BUSY, Origin.ANY): ForwardingType.BUSY,
    (When.BUSY, Origin.INTERNAL): ForwardingType.BUSY_INTERNAL,
    (When.BUSY, Origin.EXTERNAL): ForwardingType.BUSY_EXTERNAL,
    (When.NO_ANSWER, Origin.ANY): ForwardingType.NO_ANSWER,
    (When.NO_ANSWER, Origin.INTERNAL): ForwardingType.NO_ANSWER_INTERNAL,
    (When.NO_ANSWER, Origin.EXTERNAL): ForwardingType.NO_ANSWER_EXTERNAL,
}


def desk_phone_there(pbx: Pbx, extension: Extension) -> bool:
    """A virtual one stands in for it while it is away."""
    return extension.virtual_desk or bool(pbx.registrations.bindings(extension.desk_user))


def withheld(pbx: Pbx, call_id: str, device: str) -> bool:
    """Whether a party of a call asked not to be named (Privacy: id)."""
    where = pbx.find(call_id, device)
    return where is not None and where[1].party.anonymous


def services_of(pbx: Pbx, call_id: str, extension: Extension) -> ServicesPermitted:
    """What a number may ask for in a call, for the connection that stands for it."""
    device = permitted.best(pbx, call_id, extension.device_users)
    if device is None:
        return ServicesPermitted()
    return permitted.written(permitted.services(pbx, ConnectionId(call_id, device)))


def of_device(pbx: Pbx, names: Names, extension: Extension) -> SnapshotDeviceResponse:
    items = [
        SnapshotDeviceItem(
            connection_identifier=names.connection(call.id, device),
            states=(_state(state), *_others(call, device)),
            services_permitted=permitted.written(
                permitted.services(pbx, ConnectionId(call.id, device))
            ),
        )
        for call in pbx.switch.calls.values()
        for device, state in call.connections.items()
        if device in extension.device_users
    ]
    there = Private(desk_phone=desk_phone_there(pbx, extension))
    return SnapshotDeviceResponse(calls=tuple(items), private=there)


def _others(call: Call, device: str) -> list[LocalConnectionState]:
    return [_state(state) for other, state in call.connections.items() if other != device]


def _state(state: State) -> LocalConnectionState:
    return LocalConnectionState(state.value)


def of_call(pbx: Pbx, names: Names, asked: ids.ConnectionId) -> SnapshotCallResponse:
    call = pbx.switch.call(names.switch_call(asked.call_id))
    viewer: Extension | None = None
    if asked.device_id:
        try:
            viewer = names.named(asked.device_id).extension
        except SwitchError:
            viewer = None  # asked as somebody else: SnapshotCall is no matter of one device

    def shown(device: str) -> Device:
        foreign = viewer is None or device not in viewer.device_users
        if foreign and withheld(pbx, call.id, device):
            return Device(status=DeviceStatus.RESTRICTED)
        return names.device(device)

    items = tuple(
        SnapshotCallItem(
            device_on_call=shown(device),
            call_identifier=names.connection(call.id, device),
            local_connection_info=_state(state),
        )
        for device, state in call.connections.items()
    )
    permits = services_of(pbx, call.id, viewer) if viewer is not None else None
    return SnapshotCallResponse(
        endpoints=items,
        calling_device=shown(call.calling),
        called_device=names.number(call.called) if call.called else NOT_KNOWN,
        services_permitted=permits,
    )


def forwardings(features: Features, *, alternative: bool) -> GetForwardingResponse:
    """The three kinds for all calls always, the narrower ones where they are set."""
    items = []
    for (when, origin), kind in KINDS.items():
        to = features.forwardings.get((when, origin))
        if to is not None or origin is Origin.ANY:
            items.append(_item(kind, to))
    if alternative:
        items.append(_item(ForwardingType.PREFERRED_DEVICE, features.alternative))
    return GetForwardingResponse(forwarding_list=tuple(items))


def _item(kind: ForwardingType, to: str | None) -> ForwardListItem:
    return ForwardListItem(forwarding_type=kind, forward_status=to is not None, forward_dn=to or "")
