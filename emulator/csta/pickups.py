"""Tells the members of a pickup group what rings at another one of them.

Known of OpenScape 4000 (client library): CallInformation with a mark in the device's text, taken
back by ConnectionCleared with the same, and that the caller is told too if he is a member. That the
other two platforms do the same, without telling the caller, is our decision: no source says how
they tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from emulator.csta.names import Names
from emulator.csta.quirks import Quirks
from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Extension
from emulator.switch.core import Switch
from emulator.switch.model import Call, State
from protocols.csta.events.call import CallInformationEvent, ConnectionClearedEvent
from protocols.csta.ids import ConnectionId, Device, DeviceStatus
from protocols.csta.message import Event
from protocols.csta.pickup import group_device
from protocols.csta.values import Cause, LocalConnectionState


@dataclass(frozen=True, slots=True)
class _Notice:
    """As it was told: names may have changed when it is taken back."""

    connection: ConnectionId
    group: Device
    caller: Device
    members: tuple[str, ...]

    @property
    def offer(self) -> Event:
        return CallInformationEvent(
            connection=self.connection, device=self.group, calling_device=self.caller
        )

    @property
    def end(self) -> Event:
        return ConnectionClearedEvent(
            dropped_connection=self.connection,
            releasing_device=self.group,
            local_connection_info=LocalConnectionState.NULL,
            cause=Cause.NORMAL_CLEARING,
        )


class PickupNotices:
    """``withheld(call, device)``: whether a caller wants to stay unknown there."""

    def __init__(
        self,
        switch: Switch,
        plan: DialPlan,
        names: Names,
        quirks: Quirks,
        withheld: Callable[[str, str], bool],
    ) -> None:
        self._switch = switch
        self._plan = plan
        self._names = names
        self._quirks = quirks
        self._withheld = withheld
        self._told: dict[tuple[str, str], _Notice] = {}  # by call and who rings

    def changed(self, call_id: str) -> Iterator[tuple[str, Event]]:
        """After any event about a call: (member, what its monitors are told)."""
        rings = dict(self._ringing(call_id))
        for key in [key for key in self._told if key[0] == call_id and key[1] not in rings]:
            notice = self._told.pop(key)
            for member in notice.members:
                yield member, notice.end
        for number, notice in rings.items():
            if (call_id, number) not in self._told:
                self._told[call_id, number] = notice
                for member in notice.members:
                    yield member, notice.offer

    def open_for(self, number: str) -> list[Event]:
        """For a monitor that has just begun."""
        return [notice.offer for notice in self._told.values() if number in notice.members]

    def _ringing(self, call_id: str) -> Iterator[tuple[str, _Notice]]:
        call = self._switch.calls.get(call_id)
        for device in call.at(State.ALERTING) if call is not None else ():
            rung = self._names.owner(device)
            if call is None or rung is None or rung.pickup_group is None:
                continue
            members = tuple(self._told_of(call, rung))
            if members:
                yield (
                    rung.number,
                    _Notice(
                        self._names.connection(call.id, device),
                        group_device(rung.pickup_group),
                        self._caller(call),
                        members,
                    ),
                )

    def _told_of(self, call: Call, rung: Extension) -> Iterator[str]:
        """All of the group but who is in the call already."""
        calling = self._names.owner(call.calling)
        for member in self._plan:
            if member is rung or member.pickup_group != rung.pickup_group:
                continue
            calls = member is calling
            inside = any(device in call.connections for device in member.device_users)
            if not inside or (calls and self._quirks.pickup_tells_caller):
                yield member.number

    def _caller(self, call: Call) -> Device:
        if self._withheld(call.id, call.calling):
            return Device(status=DeviceStatus.RESTRICTED)
        return self._names.device(call.calling)
