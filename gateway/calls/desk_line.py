"""One line's desk phone: what is known of it, and the facts of its Calls. No effects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from gateway.calls import csta
from gateway.calls.csta import DeskCall
from gateway.calls.history import PastCalls
from gateway.calls.model import DEFAULT_LIMITS, CallState
from gateway.calls.parties import Number, Place
from gateway.calls.parties import Party as Participant
from gateway.calls.states import Hold, Phase
from gateway.ports import Line, NumberNormaliser, SiteProfile, UserKey
from protocols.csta.device_names import parse_device
from protocols.csta.ids import ConnectionId, Device
from protocols.csta.message import Event
from protocols.csta.services.monitoring import SnapshotCallResponse
from protocols.csta.view.model import CallView, DeviceView, Direction, Party

ANONYMOUS = "anonymous"


@dataclass(slots=True)
class DeskLine:
    """One line's desk phone."""

    line: Line
    site: SiteProfile
    view: DeviceView
    calls: dict[str, DeskCall] = field(default_factory=dict)
    #: CSTA call -> Session-ID of the SIP call that it is as well.
    sessions: dict[str, str] = field(default_factory=dict)
    #: Calls that our line has taken from the desk phone, until the PBX says so too.
    pulled: set[str] = field(default_factory=set)
    #: Conference -> Session-IDs of the SIP calls that went into it.
    merged: dict[str, set[str]] = field(default_factory=dict)
    past: PastCalls = field(default_factory=PastCalls)

    @property
    def user(self) -> UserKey:
        return UserKey(self.line.tenant_id, self.line.user_id)

    def pbx_call(self, call_id: str) -> str:
        """What the PBX calls this call, as no other site's does."""
        return f"{self.line.site_id}:{call_id}"


class Facts:
    """Makes of what the PBX says what the API tells. ``places_of``: where a Call might go on."""

    def __init__(
        self,
        numbers: NumberNormaliser,
        new_id: Callable[[], str],
        places_of: Callable[[UserKey], tuple[Place, ...]],
    ) -> None:
        self._numbers = numbers
        self._new_id = new_id
        self._places_of = places_of

    def state(self, desk: DeskLine, call: CallView, *, at: float) -> CallState:
        far, line = self.far(desk, call), desk.line
        return CallState(
            id=self._new_id(),
            tenant_id=line.tenant_id,
            user_id=line.user_id,
            site_id=line.site_id,
            line_id=line.line_id,
            direction="out" if call.direction is Direction.OUT else "in",
            number=far.number,
            session_id="",
            created_at=at,
            phase=Phase.RINGING_IN,
            limits=DEFAULT_LIMITS,
            name=far.name,
            participants=far.participants,
            diverted_by=call.redirected_from or None,
            places=self._places_of(desk.user),
        )

    def far(self, desk: DeskLine, call: CallView) -> csta.Far:
        party = call.parties[0] if call.parties else Party()
        others = (
            Participant(other.number or str(place), self._number(desk, other), other.name or None)
            for place, other in enumerate(call.parties, 1)
            if call.conference
        )
        return csta.Far(self._number(desk, party), party.name or None, tuple(others))

    def _number(self, desk: DeskLine, party: Party) -> Number:
        if not party.number:
            return Number("", ANONYMOUS if party.restricted else "", "")
        numbers = self._numbers.from_wire(party.number, desk.site)
        return Number(numbers.dialled, numbers.canonical, numbers.display)

    def name_of(self, desk: DeskLine, device: Device | None) -> str:
        """A person's name, else the number; "" where the PBX does not say who it was."""
        if device is None or not device.known:
            return ""
        found = parse_device(device.identifier)
        return found.name or self._numbers.from_wire(found.number, desk.site).display


def known_call(desk: DeskLine, call: CallView) -> DeskCall | None:
    """Our Call for this one. Others may go on in it, under its id (transfer, conference): then
    the one that was spoken in survives, and the places of the others are theirs to end in."""
    here = call.call_id
    joining = [
        end.call_id for end in desk.view.ended if end.became == here and end.call_id in desk.calls
    ]
    known = desk.calls.get(here)
    spoken = next((old for old in joining if not is_held(desk.calls[old])), None)
    if known is not None and (spoken is None or not is_held(known)):
        return known
    if known is None and spoken is None:
        # a PBX may hold both first; the second is the one that was active
        spoken = next(reversed(joining), None)
    if spoken is None:
        return None
    survivor = replace(desk.calls.pop(spoken), connection=ConnectionId(here, ""))
    desk.calls[here] = survivor
    if known is not None:
        desk.calls[spoken] = replace(known, connection=ConnectionId(spoken, ""))
    return survivor


def is_held(desk: DeskCall) -> bool:
    return desk.state.hold in (Hold.LOCAL, Hold.BOTH)


def call_of(event: Event) -> str | None:
    """The call that an event is about: its first connection's."""
    names = type(event).__dataclass_fields__
    values = (getattr(event, name) for name in names)
    return next(
        (value.call_id for value in values if isinstance(value, ConnectionId) and value.call_id),
        None,
    )


def connection_of(snapshot: SnapshotCallResponse, view: DeviceView) -> ConnectionId | None:
    """Which call a snapshot tells of: that of any of its connections."""
    connections = [item.call_identifier for item in snapshot.endpoints if item.call_identifier]
    own = [c for c in connections if view.is_own(c.device_id)]
    return next(iter([*own, *connections]), None)
