"""The number is kept here; whether work calls go there is the PBX's, and read from it.

`always` is the PBX's forwarding at once. `no_answer` is the alternative number that the PBX itself
keeps, where it has such a thing, else its forwarding when nobody answers. So what is set here is
seen in `/forwarding` too, and the other way round.
"""

from __future__ import annotations

from collections.abc import Callable

from phonenumbers import is_emergency_number
from sqlalchemy.exc import IntegrityError

from gateway.features.alternative_number.models import (
    AlternativeChange,
    AlternativeView,
    Receive,
)
from gateway.http.shapes import NumberView
from gateway.pbx_ports import ForwardingKind, PbxCapabilities, PbxControl
from gateway.ports import (
    EventSink,
    Line,
    LineDirectory,
    NumberNormaliser,
    Numbers,
    Problem,
    SiteProfile,
    UserKey,
)
from gateway.storage import models as tables
from gateway.storage.storage import Storage

#: Forwarding of the PBX -> what it is called here.
_MODES: tuple[tuple[ForwardingKind, Receive], ...] = (
    ("immediate", "always"),
    ("no_answer", "no_answer"),
)


class AlternativeNumberService:
    """Implements the ``AlternativeNumbers`` port."""

    def __init__(
        self,
        storage: Storage,
        pbx: PbxControl,
        lines: LineDirectory,
        numbers: NumberNormaliser,
        events: EventSink,
    ) -> None:
        self._storage = storage
        self._pbx = pbx
        self._lines = lines
        self._numbers = numbers
        self._events = events
        #: Told whose number has changed.
        self.on_change: Callable[[UserKey], None] = lambda _: None

    async def alternative_number(self, user: UserKey) -> Numbers | None:
        async with self._storage.read(user.tenant_id) as db:
            row = await db.first(
                tables.AlternativeNumber, tables.AlternativeNumber.user_id == user.user_id
            )
        return None if row is None else Numbers(row.dialled, row.canonical, row.display)

    async def alternative(self, user: UserKey) -> AlternativeView:
        number = await self.alternative_number(user)
        able = await self._pbx.capabilities(user)
        receive: Receive = "never"
        why_not = None
        try:
            receive = await self._receive(user, number, able)
        except Problem as problem:
            match problem.code:
                case "no_line" | "not_offered" | "pbx_unreachable" | "pbx_refused" as code:
                    why_not = code
                case _:
                    raise
        return AlternativeView(
            number=_view(number),
            receive=receive,
            modes=[] if why_not else _modes(able),
            may_dial=number is not None and able.alternative_calls,
            available=why_not is None,
            why_not=why_not,
        )

    async def _receive(
        self, user: UserKey, number: Numbers | None, able: PbxCapabilities
    ) -> Receive:
        """What the PBX does now with calls for the user."""
        there = {
            entry.kind
            for entry in await self._pbx.get_forwarding(user)
            if entry.active and number is not None and _same(entry.to, number)
        }
        for kind, mode in _MODES:
            if kind in there:
                return mode
        if number is not None and able.preferred_device:
            kept = await self._pbx.get_preferred_device(user)
            return "no_answer" if _same(kept, number) else "never"
        return "never"

    async def change(self, user: UserKey, wanted: AlternativeChange) -> AlternativeView:
        """The PBX first: what it refuses is not kept here either.

        On before off: refused, calls go where they went, and asked again with a number that is
        still known here, it is all put right.
        """
        before = await self.alternative_number(user)
        after = await self._target(user, wanted)
        able = await self._pbx.capabilities(user)
        receive: Receive = "never" if after is None else wanted.receive
        if receive != "never" and receive not in _modes(able):
            raise Problem(409, "not_offered", "Your phone system does not offer this.")
        if after is not None and receive != "never":
            await self._switch_on(user, after, receive, able)
        try:
            if able.reachable or before is not None:
                await self._switch_off(user, before, after, receive, able)
        except Problem as problem:
            # Calls go on to the number kept as long as a PBX that is away has not agreed. Without
            # a control side nobody has sent them there.
            if able.reachable or problem.code != "not_offered":
                raise
        await self._keep(user, after)
        view = await self.alternative(user)
        self._tell(user, view)
        self.on_change(user)
        return view

    async def _target(self, user: UserKey, wanted: AlternativeChange) -> Numbers | None:
        home = await self._lines.home_line(user)
        if home is None:
            raise Problem(409, "no_line", "You have no phone line yet. Ask your administrator.")
        if wanted.number is None or not wanted.number.strip():
            if wanted.receive != "never":
                raise Problem(422, "number_missing", "Say which number calls are to go to.")
            return None
        return self._checked(wanted.number, *home)

    def _checked(self, typed: str, line: Line, site: SiteProfile) -> Numbers:
        target = self._numbers.normalise(typed, site)
        if target.canonical in (line.number, line.desk_number):
            raise Problem(422, "forward_to_self", "This is your own work number.")
        if is_emergency_number(target.canonical, site.country.upper()):
            raise Problem(422, "forward_to_emergency", "Calls cannot go there.")
        return target

    async def _switch_off(
        self,
        user: UserKey,
        before: Numbers | None,
        after: Numbers | None,
        receive: Receive,
        able: PbxCapabilities,
    ) -> None:
        """Whatever sends calls to the number as it was or is, unless it is what is wanted."""
        for entry in await self._pbx.get_forwarding(user):
            mode = dict(_MODES).get(entry.kind)
            wanted = mode == receive and _same(entry.to, after)
            ours = _same(entry.to, before) or _same(entry.to, after)
            if mode is not None and entry.active and ours and not wanted:
                await self._pbx.set_forwarding(user, entry.kind, active=False)
        if able.preferred_device and receive != "no_answer":
            kept = await self._pbx.get_preferred_device(user)
            if _same(kept, before) or _same(kept, after):
                await self._pbx.set_preferred_device(user, None)

    async def _switch_on(
        self, user: UserKey, number: Numbers, receive: Receive, able: PbxCapabilities
    ) -> None:
        if receive == "no_answer" and able.preferred_device:
            await self._pbx.set_preferred_device(user, number)
        else:
            kind = next(kind for kind, mode in _MODES if mode == receive)
            await self._pbx.set_forwarding(user, kind, active=True, to=number)

    async def _keep(self, user: UserKey, number: Numbers | None) -> None:
        table = tables.AlternativeNumber
        async with self._storage.write(user.tenant_id) as db:
            if number is None:
                await db.delete(table, table.user_id == user.user_id)
                return
            columns = {
                "dialled": number.dialled,
                "canonical": number.canonical,
                "display": number.display,
            }
            if await db.update(table, table.user_id == user.user_id, **columns):
                return
        try:
            async with self._storage.write(user.tenant_id) as db:
                await db.add(table(tenant_id=user.tenant_id, user_id=user.user_id, **columns))
        except IntegrityError:  # another device of the user was first, this one is last
            async with self._storage.write(user.tenant_id) as db:
                await db.update(table, table.user_id == user.user_id, **columns)

    def _tell(self, user: UserKey, view: AlternativeView) -> None:
        told = {"alternative": view.model_dump(mode="json")}
        self._events.to_user(user, "alternative_number.changed", told)


def _modes(able: PbxCapabilities) -> list[Receive]:
    modes: list[Receive] = ["never"]
    if "no_answer" in able.forwarding or able.preferred_device:
        modes.append("no_answer")
    if "immediate" in able.forwarding:
        modes.append("always")
    return modes if able.reachable else []


def _same(one: Numbers | None, other: Numbers | None) -> bool:
    return one is not None and other is not None and one.canonical == other.canonical


def _view(number: Numbers | None) -> NumberView | None:
    if number is None:
        return None
    return NumberView(dialled=number.dialled, canonical=number.canonical, display=number.display)
