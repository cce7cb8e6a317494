"""One line of a PBX as its monitor tells of it, in the notation of each platform."""

from __future__ import annotations

from connector.mapping.devices import LineDevices
from connector.mapping.join import Dialog, JoinTable
from connector.mapping.line import LineWatch, Told
from connector.profiles import PROFILES
from protocols.csta.dialects import DIALECTS
from protocols.csta.events.call import (
    ConnectionClearedEvent,
    DeliveredEvent,
    EstablishedEvent,
    OriginatedEvent,
)
from protocols.csta.ids import ConnectionId, Device
from protocols.csta.message import Event
from protocols.csta.shapes import ServicesPermitted
from protocols.csta.values import LocalConnectionState as State

PROFILE_NAMES = ("business", "voice", "os4000")
NUMBER, EXTENSION, LINE_ID = "101", "6101", "line-101"

DESKS = {"business": "N<101/5101>", "voice": "N<101>;noa=nk", "os4000": "N101"}
LINES = {
    "business": "N<101/6101>",
    "voice": "<101>;ond=6101;epid=6101",
    "os4000": "N6101",
}


def permitted(*names: str) -> ServicesPermitted:
    return ServicesPermitted(call_control=frozenset(names))


class PlatformLine:
    """Line 101 and what its platform says of a call with `far`."""

    def __init__(self, profile: str, far: str = "202", call_id: str = "FF0001") -> None:
        self.profile, self.far, self.call_id = profile, far, call_id
        self.desk, self.line = DESKS[profile], LINES[profile]
        self.join = JoinTable()
        self.registered = True
        plan = PROFILES[profile].numbers
        self.watch = LineWatch(
            LineDevices(LINE_ID, NUMBER, NUMBER, EXTENSION),
            DIALECTS[profile],
            self.join,
            canonical=plan.to_canonical,
            can_ring=lambda: self.registered,
        )

    @property
    def _far(self) -> Device:
        return Device(f"N<{self.far}>Otto;displayNumber={self.far}")

    def delivered(self, at: str, state: State = State.ALERTING) -> Event:
        return DeliveredEvent(
            monitor_cross_ref_id="7",
            connection=ConnectionId(self.call_id, at),
            alerting_device=Device(at),
            calling_device=self._far,
            called_device=Device(f"N<{NUMBER}>"),
            local_connection_info=state,
            cause="newCall",
            services_permitted=permitted("answerCall", "clearConnection"),
        )

    def established(self, at: str) -> Event:
        return EstablishedEvent(
            monitor_cross_ref_id="7",
            established_connection=ConnectionId(self.call_id, at),
            answering_device=Device(at),
            calling_device=self._far,
            called_device=Device(f"N<{NUMBER}>"),
            local_connection_info=State.CONNECTED,
            cause="newCall",
            services_permitted=permitted("holdCall", "clearConnection"),
        )

    def cleared(self, at: str, state: State = State.NULL) -> Event:
        return ConnectionClearedEvent(
            monitor_cross_ref_id="7",
            dropped_connection=ConnectionId(self.call_id, at),
            releasing_device=Device(at),
            local_connection_info=state,
            cause="normalClearing",
        )

    def originated(self, at: str) -> Event:
        return OriginatedEvent(
            monitor_cross_ref_id="7",
            originated_connection=ConnectionId(self.call_id, at),
            calling_device=Device(at),
            called_device=self._far,
            local_connection_info=State.CONNECTED,
            cause="newCall",
        )

    def dialog(self, *, incoming: bool = True, remote: str | None = None) -> Dialog:
        return Dialog(
            f"d-{incoming}-{self.call_id}",
            LINE_ID,
            incoming,
            self.far if remote is None else remote,
            f"session-{self.call_id}",
        )

    def invited(
        self, now: float, *, incoming: bool = True, remote: str | None = None
    ) -> list[Told]:
        self.join.opened(self.dialog(incoming=incoming, remote=remote))
        return self.watch.dialogs_changed(now)
