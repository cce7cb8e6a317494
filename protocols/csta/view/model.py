"""What is known of one monitored device: values only, `reduce` and `snapshots` make new ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from protocols.csta.device_names import parse_device
from protocols.csta.ids import ConnectionId, Device, DeviceStatus
from protocols.csta.shapes import ForwardListItem, HuntGroupState, ServicesPermitted
from protocols.csta.values import LocalConnectionState

#: Ended calls that are remembered, so that what comes late does not bring them back.
REMEMBERED = 64
#: No extension has so many calls; the oldest of a peer that tells of more and more are let go.
MOST_CALLS = 64

#: How far a connection has come. An event that would take it back has come late.
RANK: dict[LocalConnectionState, int] = {
    LocalConnectionState.NULL: -1,
    LocalConnectionState.INITIATED: 0,
    LocalConnectionState.ALERTING: 1,
    LocalConnectionState.QUEUED: 1,
    LocalConnectionState.CONNECTED: 2,
    LocalConnectionState.HOLD: 2,
    LocalConnectionState.FAIL: 2,
}
#: Of several own connections, the one that stands for the call: first is best.
_PREFERENCE = (
    LocalConnectionState.CONNECTED,
    LocalConnectionState.HOLD,
    LocalConnectionState.FAIL,
    LocalConnectionState.INITIATED,
    LocalConnectionState.ALERTING,
    LocalConnectionState.QUEUED,
    LocalConnectionState.NULL,
)


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


#: Number, group member or `ond`: what tells a user's devices apart whatever the notation.
LegKey: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Leg:
    """One of the user's own connections in a call: a desk phone, a client that rings too."""

    key: LegKey
    device_id: str
    state: LocalConnectionState


@dataclass(frozen=True, slots=True)
class Party:
    """A far device. `number` is empty while nobody has said it."""

    number: str = ""
    name: str = ""
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class CallView:
    """`incomplete`: parties and permissions are guesses until a SnapshotCall tells them."""

    call_id: str
    legs: tuple[Leg, ...] = ()
    parties: tuple[Party, ...] = ()
    direction: Direction | None = None
    offered: bool = False
    answered: bool = False
    conference: bool = False
    #: Numbers of the far parties that hold us.
    held_by: frozenset[str] = frozenset()
    failed: str | None = None
    redirected_from: str = ""
    cause: str | None = None
    services: ServicesPermitted | None = None
    incomplete: bool = False
    #: Transferred since it was answered: whom it goes to may still have to answer.
    moved: bool = False

    @property
    def leg(self) -> Leg:
        """The own connection that requests are made for."""
        return min(self.legs, key=lambda leg: _PREFERENCE.index(leg.state))

    @property
    def state(self) -> LocalConnectionState:
        return self.leg.state

    @property
    def connection(self) -> ConnectionId:
        return ConnectionId(self.call_id, self.leg.device_id)

    def permits(self, service: str) -> bool:
        return self.services is not None and service in self.services.call_control


@dataclass(frozen=True, slots=True)
class Ended:
    """`became`: the call goes on under another id (transfer, conference)."""

    call_id: str
    cause: str | None = None
    became: str = ""


@dataclass(frozen=True, slots=True)
class DeviceView:
    """`own` are all numbers that mean this device. `doubtful`: what came does not fit together,
    a snapshot must decide. None means unknown."""

    device: str
    own: frozenset[str]
    #: ConnectionCleared with such a cause says nothing about the call (a dialect's).
    ignored_clears: frozenset[str] = frozenset()
    calls: tuple[CallView, ...] = ()
    ended: tuple[Ended, ...] = ()
    doubtful: bool = False
    do_not_disturb: bool | None = None
    message_waiting: bool | None = None
    in_service: bool | None = None
    forwarding: tuple[ForwardListItem, ...] = ()
    hunt_groups: tuple[HuntGroupState, ...] = field(default=())

    def call(self, call_id: str) -> CallView | None:
        return next((call for call in self.calls if call.call_id == call_id), None)

    def end_of(self, call_id: str) -> Ended | None:
        return next((end for end in self.ended if end.call_id == call_id), None)

    def is_own(self, device: str) -> bool:
        return bool(device) and parse_device(device).number in self.own

    def owns(self, device: Device | None) -> bool:
        return device is not None and device.known and self.is_own(device.identifier)

    # -- the next view

    def with_call(self, call: CallView, doubt: bool = False) -> DeviceView:
        """`call` added, or in the place of the one with its id."""
        known = any(other.call_id == call.call_id for other in self.calls)
        calls = (
            tuple(call if other.call_id == call.call_id else other for other in self.calls)
            if known
            else (*self.calls, call)[-MOST_CALLS:]
        )
        ended = tuple(end for end in self.ended if end.call_id != call.call_id)
        return replace(self, calls=calls, ended=ended, doubtful=self.doubtful or doubt)

    def without(self, call_ids: Iterable[str], cause: str | None, became: str = "") -> DeviceView:
        gone = [call_id for call_id in dict.fromkeys(call_ids) if call_id and call_id != became]
        marks = tuple(Ended(call_id, cause, became) for call_id in gone)
        kept = tuple(end for end in self.ended if end.call_id not in gone)
        calls = tuple(call for call in self.calls if call.call_id not in gone)
        return replace(self, calls=calls, ended=(*kept, *marks)[-REMEMBERED:])

    def in_doubt(self) -> DeviceView:
        return replace(self, doubtful=True)


def new_view(
    device: str, also: Iterable[str] = (), ignored_clears: frozenset[str] = frozenset()
) -> DeviceView:
    """`also`: further numbers that mean this device (group members, an auxiliary device)."""
    own = frozenset(parse_device(text).number for text in (device, *also))
    return DeviceView(device, own, ignored_clears)


def leg_key(device_id: str) -> LegKey:
    name = parse_device(device_id)
    return name.number, name.member or name.parameter("ond")


def party(device: Device | None) -> Party:
    if device is None:
        return Party()
    if not device.known:
        return Party(restricted=device.status is DeviceStatus.RESTRICTED)
    name = parse_device(device.identifier)
    return Party(name.number, "" if name.preferred else name.name)


def put_leg(
    call: CallView, device_id: str, state: LocalConnectionState, *, expected: bool = False
) -> tuple[CallView, bool]:
    """Set the state of an own connection; True when that raises doubt.

    `expected`: the event is one that moves a call into hold or out of it. Any other that does so
    shows that such an event was missed.
    """
    key = leg_key(device_id)
    current = next((leg for leg in call.legs if leg.key == key), None)
    if current is None and len(call.legs) == 1 and RANK[state] > 1:
        current = call.legs[0]  # the same connection in another notation
    if current is None:
        return replace(call, legs=(*call.legs, Leg(key, device_id, state))), False
    if RANK[state] < RANK[current.state]:
        return call, True
    held = LocalConnectionState.HOLD in (state, current.state) and state is not current.state
    legs = tuple(replace(leg, state=state) if leg is current else leg for leg in call.legs)
    return replace(call, legs=legs), held and not expected
