"""One line between both sides: platform messages in, messages for the link out, joined to SIP.

```
 platform event --> view of the line --+--> joined: to the link at once, with its Session-ID
                                       +--> could be joined yet: waits, 2 s at most
                                       +--> the desk phone's: to the link at once
```
Pure; times are seconds of any monotonic clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace

from connector.mapping.devices import LINE, LineDevices, LinkNames
from connector.mapping.join import WAIT, JoinTable, Sighting
from connector.mapping.picture import (
    call_picture,
    device_picture,
    feature_pictures,
    hunt_group_picture,
)
from connector.mapping.to_link import ToLink
from protocols.csta.device_names import parse_device
from protocols.csta.dialects import Dialect
from protocols.csta.events.device import AgentEvent
from protocols.csta.ids import ConnectionId
from protocols.csta.message import Event, Message, Response
from protocols.csta.pickup import MOST_RINGING, PickupNotice, pickup_notice
from protocols.csta.services.features import GetAgentStateResponse
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse
from protocols.csta.values import LocalConnectionState
from protocols.csta.view.features import learn
from protocols.csta.view.model import CallView, DeviceView, Direction, Leg, new_view
from protocols.csta.view.reduce import reduce
from protocols.csta.view.snapshots import complete, reconcile

_ALERTING = LocalConnectionState.ALERTING


@dataclass(frozen=True, slots=True)
class Told:
    """A message for the link, about the dialog with this Session-ID if there is one."""

    line_id: str
    message: Message
    session_id: str | None = None


@dataclass(slots=True)
class _Held:
    since: float
    until: float
    messages: list[Message] = field(default_factory=list)
    #: How the call was seen last; it may be over sooner than its dialog begins here.
    sighting: Sighting | None = None


class LineWatch:
    """`can_ring`: whether the connector's own registration of the line is there at all."""

    def __init__(
        self,
        devices: LineDevices,
        dialect: Dialect,
        join: JoinTable,
        *,
        canonical: Callable[[str], str],
        can_ring: Callable[[], bool],
    ) -> None:
        self.devices = devices
        self.view = new_view(
            devices.monitored, devices.also_own, frozenset(dialect.clears_of_other_devices)
        )
        self._join = join
        self._to_link = ToLink(LinkNames(devices, canonical), dialect)
        self._canonical = canonical
        self._can_ring = can_ring
        self._held: dict[str, _Held] = {}
        self._released: set[str] = set()
        #: What rings in the line's pickup group: calls that it has no part in.
        self._pickups: dict[tuple[str, str], Event] = {}

    # -- from the platform ---------------------------------------------------------------------

    def begun(self) -> None:
        """A new monitor: what rings in the group is told anew."""
        self._pickups.clear()

    def reported(self, event: Event, now: float) -> list[Told]:
        notice = pickup_notice(event)
        if notice is not None:
            return self._in_group(notice, event)
        self._look(reduce(self.view, event))
        if isinstance(event, AgentEvent):
            return [self._plain(hunt_group_picture(self.view))]
        mapped = self._to_link.event(event)
        if mapped is None:
            return []
        call_id = _call_of(event)
        if call_id is None:
            return [Told(self.devices.line_id, mapped)]
        return [*self._tell(call_id, mapped, now), *self._forget()]

    def device_snapshot(self, snapshot: SnapshotDeviceResponse) -> list[Told]:
        """Which calls there are. Who is in each comes with `call_snapshot`."""
        was = self.view
        before = was.in_service
        self._look(reconcile(self.view, snapshot))
        # News of a call whose end was not told would make it ring again, and nothing would end it.
        self._held = {
            call_id: held
            for call_id, held in self._held.items()
            if self.view.call(call_id) is not None or was.call(call_id) is None
        }
        told = [self._plain(snapshot), *self._group_picture()]
        if self.view.in_service is not before:
            told += [self._plain(message) for message in feature_pictures(self.view)[:1]]
        return [*told, *self._forget()]

    def call_snapshot(
        self, connection: ConnectionId, snapshot: SnapshotCallResponse, now: float
    ) -> list[Told]:
        self._look(complete(self.view, connection, snapshot))
        if self.view.call(connection.call_id) is None:
            return []
        return self._tell(connection.call_id, self._to_link.message(snapshot), now)

    def learned(self, answer: Response) -> list[Told]:
        """What an answer to a Get request says."""
        self._look(learn(self.view, answer))
        if isinstance(answer, GetAgentStateResponse):
            answer = hunt_group_picture(self.view)
        return [self._plain(answer)]

    def answer(self, response: Response) -> Response:
        """A response for the link."""
        return self._to_link.message(response)

    # -- from the SIP side, and time -----------------------------------------------------------

    def dialogs_changed(self, now: float) -> list[Told]:
        """A dialog has begun: calls that wait may be its own."""
        told: list[Told] = []
        for call in self.view.calls:
            self._perhaps_taken(call.call_id, now)
        for call_id in list(self._held):
            told += self._decide(call_id, now)
        return told

    @property
    def waiting(self) -> bool:
        """News of a call wait for its dialog."""
        return bool(self._held)

    def deadline(self) -> float | None:
        return min((held.until for held in self._held.values()), default=None)

    def timer(self, now: float) -> list[Told]:
        return self.dialogs_changed(now)

    def drop_held(self) -> None:
        """Nobody could make anything of what waits."""
        self._held.clear()

    def over_while_waiting(self, now: float) -> list[Told]:
        """News of calls that have ended since: no dialog will come for them any more. Told after
        a picture they would make a call ring that is long over."""
        told: list[Told] = []
        for call_id, held in list(self._held.items()):
            if self.view.call(call_id) is None:
                held.until = now
                told += self._decide(call_id, now)
        return told

    def picture(self) -> list[Told]:
        """The whole line from the beginning: for a gateway that may know nothing of it."""
        told = [self._plain(device_picture(self.view)), *self._group_picture()]
        for call in self.view.calls:
            if call.call_id in self._held:
                continue  # its own news will come
            message = self._to_link.message(call_picture(self.view, call))
            session = self._join.session(self.devices.line_id, call.call_id)
            told.append(Told(self.devices.line_id, message, session))
        return told + [self._plain(message) for message in feature_pictures(self.view)]

    # -- the pickup group ----------------------------------------------------------------------

    def _in_group(self, notice: PickupNotice, event: Event) -> list[Told]:
        if notice.caller is None:
            if self._pickups.pop(notice.key, None) is None:
                return []
        elif self.view.owns(notice.caller):
            return []  # 4000 tells the caller, too
        else:
            self._pickups[notice.key] = event
            if len(self._pickups) > MOST_RINGING:
                del self._pickups[next(iter(self._pickups))]
        return [self._plain(event)]

    def _group_picture(self) -> list[Told]:
        """After a device snapshot the gateway knows of none."""
        return [self._plain(event) for event in self._pickups.values()]

    # -- inside --------------------------------------------------------------------------------

    def _plain(self, message: Message) -> Told:
        if isinstance(message, Event):
            mapped: Message | None = self._to_link.event(message)
        else:
            mapped = self._to_link.message(message)
        return Told(self.devices.line_id, mapped or message)

    def _look(self, after: DeviceView) -> None:
        for end in after.ended:
            if end.became:
                self._join.became(self.devices.line_id, end.call_id, end.became)
                if end.call_id in self._released:
                    self._released.add(end.became)
        self.view = after

    def _perhaps_taken(self, call_id: str, now: float) -> None:
        """The desk phone's call may ring at the line, to go on there (a pull)."""
        call = self.view.call(call_id)
        if call is None or not call.answered:
            return
        lines = [leg for leg in call.legs if self._role(leg) == LINE]
        rings = any(leg.state is _ALERTING for leg in lines)
        if rings or (lines and call_id in self._released):
            sighting = replace(self._sighting(call), incoming=None)
            if self._join.taken_by_line(sighting, now) is not None:
                self._released.discard(call_id)

    def _tell(self, call_id: str, message: Message, now: float) -> list[Told]:
        self._perhaps_taken(call_id, now)
        if call_id in self._released:
            return [Told(self.devices.line_id, message)]
        held = self._held.setdefault(call_id, _Held(now, now))
        held.messages.append(message)
        return self._decide(call_id, now)

    def _decide(self, call_id: str, now: float) -> list[Told]:
        """Let go of what waits if it is known by now whose call this is."""
        held = self._held[call_id]
        call = self.view.call(call_id)
        session = self._join.session(self.devices.line_id, call_id)
        if call is not None:
            held.sighting = self._sighting(call)
            held.until = held.since + self._patience(call)
        if session is None and held.sighting is not None:
            session = self._join.seen(held.sighting, now)
        if session is None and held.sighting is not None:
            if now < held.until:
                return []
            if held.sighting.at_line:
                self._join.unjoined += 1
        del self._held[call_id]
        if call is None:  # over: nothing more will be told of it
            self._join.ended(self.devices.line_id, call_id)
        elif session is None:
            self._released.add(call_id)
        return [Told(self.devices.line_id, message, session) for message in held.messages]

    def _patience(self, call: CallView) -> float:
        if self._at_line(call):
            return WAIT
        rings = call.state is _ALERTING and call.direction is not Direction.OUT
        return WAIT if rings and self._can_ring() else 0.0

    def _forget(self) -> list[Told]:
        """Calls that are over need no memory of theirs."""
        for end in self.view.ended:
            if end.call_id not in self._held:
                self._released.discard(end.call_id)
                self._join.ended(self.devices.line_id, end.call_id)
        return []

    def _sighting(self, call: CallView) -> Sighting:
        incoming = None if call.direction is None else call.direction is Direction.IN
        far = call.parties[0].number if call.parties else ""
        return Sighting(
            self.devices.line_id,
            call.call_id,
            incoming,
            self._canonical(far) if far else "",
            self._at_line(call),
        )

    def _at_line(self, call: CallView) -> bool:
        return any(self._role(leg) == LINE for leg in call.legs)

    def _role(self, leg: Leg) -> str:
        return self.devices.role(parse_device(leg.device_id))


def _call_of(event: Event) -> str | None:
    """The call that an event is about: its first connection's."""
    for item in fields(event):
        value = getattr(event, item.name)
        if isinstance(value, ConnectionId) and value.call_id:
            return value.call_id
    return None
