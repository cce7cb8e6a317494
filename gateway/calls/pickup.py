"""What rings in a user's pickup group, and the commands that fetch a call which is not the user's.

The PBX tells each member's line (connector-link.md); nothing of it is a Call before somebody takes
it. Then the line dials the PBX's code, and the Call is the user's own like any dialled one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import uuid_utils
from typing_extensions import TypedDict

from gateway.calls.commands import dial_target, problem
from gateway.calls.parties import Fetch, Number, Outgoing
from gateway.calls.view import Remote, remote_json
from gateway.ports import EventSink, Line, NumberNormaliser, SiteProfile, UserKey
from protocols.csta.device_names import parse_device
from protocols.csta.ids import Device, DeviceStatus
from protocols.csta.message import Message
from protocols.csta.pickup import MOST_RINGING, PickupNotice, pickup_notice

MAX_SLOT = 8
ANONYMOUS = "anonymous"

AskName = Callable[[UserKey, str, Callable[[str], None]], None]
LineKey = tuple[str, str, str]

#: A call that rings at somebody of the user's pickup group. ``from``: who calls; ``for``: whom.
Pickup = TypedDict("Pickup", {"id": str, "from": Remote, "for": Remote, "group": str | None})


@dataclass(frozen=True, slots=True)
class Ringing:
    """One such call."""

    id: str
    group: str
    caller: Number
    rung: Number
    caller_name: str | None = None
    rung_name: str | None = None

    @property
    def json(self) -> Pickup:
        return {
            "id": self.id,
            "from": remote_json(self.caller_name, self.caller),
            "for": remote_json(self.rung_name, self.rung),
            "group": self.group or None,
        }


@dataclass(slots=True)
class _Member:
    """What one line was told. ``before``: the ids of what it had been told when a new picture
    began, for a picture that shows the same again."""

    user: UserKey
    ringing: dict[tuple[str, str], Ringing] = field(default_factory=dict)
    before: dict[tuple[str, str], str] = field(default_factory=dict)


class PickupOffers:
    """What rings in the pickup groups of all users of this node."""

    def __init__(
        self,
        numbers: NumberNormaliser,
        events: EventSink,
        ask_name: AskName,
        new_id: Callable[[], str] = lambda: str(uuid_utils.uuid7()),
    ) -> None:
        self._numbers = numbers
        self._events = events
        self._ask_name = ask_name
        self._new_id = new_id
        self._lines: dict[LineKey, _Member] = {}

    # -- the link ----------------------------------------------------------------------------------
    def told(self, line: Line, site: SiteProfile, message: Message) -> bool:
        """False: it is about something else."""
        notice = pickup_notice(message)
        if notice is None:
            return False
        key, user = _key(line), UserKey(line.tenant_id, line.user_id)
        if key in self._lines and self._lines[key].user != user:
            self.forget(line)
        member = self._lines.setdefault(key, _Member(user))
        if notice.caller is None:
            member.before.pop(notice.key, None)
            gone = member.ringing.pop(notice.key, None)
            if gone is not None:
                self._gone(user, gone)
        elif notice.key not in member.ringing:
            self._rings(member, notice, notice.caller, site)
        return True

    def begin(self, line: Line) -> None:
        """What rings in the group of this line is told anew from here on, or no more."""
        before = self._clear(_key(line))
        if before is not None:
            ids = {key: ringing.id for key, ringing in before.ringing.items()}
            self._lines[_key(line)] = _Member(before.user, before=ids)

    def forget(self, line: Line) -> None:
        """The line is gone, or another's now."""
        self._clear(_key(line))

    def lose(self, tenant_id: str, site_id: str) -> None:
        """Nobody says any more what rings at this site."""
        for key in [key for key in self._lines if key[:2] == (tenant_id, site_id)]:
            self._clear(key)

    def _clear(self, key: LineKey) -> _Member | None:
        member = self._lines.pop(key, None)
        if member is not None:
            for gone in member.ringing.values():
                self._gone(member.user, gone)
        return member

    def _rings(
        self,
        member: _Member,
        notice: PickupNotice,
        caller: Device,
        site: SiteProfile,
    ) -> None:
        user, ringing = member.user, member.ringing
        if len(ringing) >= MOST_RINGING:
            self._gone(user, ringing.pop(next(iter(ringing))))
        from_ = parse_device(caller.identifier)
        shown = ANONYMOUS if caller.status is DeviceStatus.RESTRICTED else ""
        found = ringing[notice.key] = Ringing(
            member.before.pop(notice.key, "") or self._new_id(),
            notice.group,
            self._number(from_.number, site) if caller.known else Number("", shown, ""),
            self._number(parse_device(notice.connection.device_id).number, site),
            (from_.name or None) if caller.known else None,
        )
        self._publish(user, found)
        self._ask(user, ringing, notice.key, found.rung, _rung_named)
        if found.caller_name is None and caller.known:
            self._ask(user, ringing, notice.key, found.caller, _caller_named)

    def _number(self, wire: str, site: SiteProfile) -> Number:
        numbers = self._numbers.from_wire(wire, site)
        return Number(numbers.dialled, numbers.canonical, numbers.display)

    def _ask(
        self,
        user: UserKey,
        ringing: dict[tuple[str, str], Ringing],
        key: tuple[str, str],
        number: Number,
        named: Callable[[Ringing, str], Ringing],
    ) -> None:
        def known(name: str) -> None:
            now = ringing.get(key)
            if now is not None:
                ringing[key] = named(now, name)
                self._publish(user, ringing[key])

        self._ask_name(user, number.canonical, known)

    def _publish(self, user: UserKey, ringing: Ringing) -> None:
        """Told again with what has become known; the id stays."""
        self._events.to_user(user, "pickup.offer", ringing.json)

    def _gone(self, user: UserKey, ringing: Ringing) -> None:
        self._events.to_user(user, "pickup.gone", {"id": ringing.id})

    # -- reading -----------------------------------------------------------------------------------
    def of(self, user: UserKey) -> list[Pickup]:
        return [found.json for found in self._of(user)]

    def find(self, user: UserKey, pickup_id: str) -> Ringing | None:
        return next((found for found in self._of(user) if found.id == pickup_id), None)

    def _of(self, user: UserKey) -> list[Ringing]:
        return [
            found
            for member in self._lines.values()
            if member.user == user
            for found in member.ringing.values()
        ]


def _rung_named(ringing: Ringing, name: str) -> Ringing:
    return replace(ringing, rung_name=name)


def _caller_named(ringing: Ringing, name: str) -> Ringing:
    return replace(ringing, caller_name=name)


def _key(line: Line) -> LineKey:
    return line.tenant_id, line.site_id, line.line_id


# -- commands --------------------------------------------------------------------------------------
def picked(body: Mapping[str, Any], find: Callable[[str], Ringing | None]) -> Outgoing | None:
    """The offer that a ``pickup`` names by its id; None: it names a number. Raises Problem."""
    pickup_id = body.get("id")
    if pickup_id is None:
        return None
    found = find(pickup_id) if isinstance(pickup_id, str) else None
    if found is None:
        raise problem(404, "pickup_unknown", "This call does not ring any more.")
    fetch = Fetch("pickup", found.rung.canonical)
    meant_for = found.rung_name or found.rung.display
    return Outgoing(found.caller, found.caller_name, fetch, meant_for)


def picked_at(body: Mapping[str, Any], site: SiteProfile, numbers: NumberNormaliser) -> Outgoing:
    """Whatever rings at a number; raises Problem."""
    found = numbers.normalise(dial_target({"to": body.get("number")}), site)
    number = Number(found.dialled, found.canonical, found.display)
    return Outgoing(number, fetch=Fetch("pickup", found.canonical))


def slot_of(body: Mapping[str, Any]) -> str:
    """A park place; raises Problem."""
    slot = body.get("slot")
    if not isinstance(slot, str) or not slot.isascii() or not slot.isdigit():
        raise problem(422, "slot_invalid", "A park place is named by digits.")
    if len(slot) > MAX_SLOT:
        raise problem(422, "slot_invalid", "A park place has at most 8 digits.")
    return slot


def unparked(body: Mapping[str, Any]) -> Outgoing:
    slot = slot_of(body)
    return Outgoing(Number(slot, slot, slot), fetch=Fetch("unpark", slot))
