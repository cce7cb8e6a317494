"""Forwarding lives in the PBX: what is shown is what the PBX says, and nothing is kept here."""

from __future__ import annotations

from collections.abc import Iterable

from phonenumbers import is_emergency_number

from gateway.bus import Bus, PbxFeatureChanged
from gateway.features.forwarding.models import (
    ForwardingChange,
    ForwardingEntry,
    ForwardingView,
    WhyNot,
)
from gateway.http.shapes import NumberView
from gateway.pbx_ports import Forwarding, ForwardingKind, PbxControl
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

#: Codes of a PBX that cannot be asked; everything else is our mistake and not hidden.
_NOT_NOW: dict[str, WhyNot] = {
    "no_line": "no_line",
    "not_offered": "not_offered",
    "pbx_unreachable": "pbx_unreachable",
    "pbx_refused": "pbx_refused",
}


class ForwardingService:
    def __init__(
        self,
        pbx: PbxControl,
        lines: LineDirectory,
        numbers: NumberNormaliser,
        events: EventSink,
        bus: Bus,
    ) -> None:
        self._pbx = pbx
        self._lines = lines
        self._numbers = numbers
        self._events = events
        bus.subscribe(PbxFeatureChanged, self._changed)

    async def forwarding(self, user: UserKey) -> ForwardingView:
        home = await self._lines.home_line(user)
        mailbox = home is not None and home[0].mailbox_number is not None
        try:
            entries = await self._pbx.get_forwarding(user)
        except Problem as problem:
            if problem.code not in _NOT_NOW:
                raise
            return ForwardingView(
                available=False,
                why_not=_NOT_NOW[problem.code],
                kinds=[],
                mailbox=mailbox,
                entries=[],
            )
        able = await self._pbx.capabilities(user)
        return ForwardingView(
            available=True,
            why_not=None,
            kinds=list(able.forwarding),
            mailbox=mailbox,
            entries=_entries(entries),
        )

    async def change(
        self, user: UserKey, kind: ForwardingKind, wanted: ForwardingChange
    ) -> ForwardingView:
        """Returns what the PBX says after it has agreed."""
        target: Numbers | None = None
        if wanted.active:
            home = await self._lines.home_line(user)
            if home is None:
                raise Problem(409, "no_line", "You have no phone line yet. Ask your administrator.")
            target = self._target(wanted, *home)
        await self._pbx.set_forwarding(user, kind, active=wanted.active, to=target)
        return await self.forwarding(user)

    def _target(self, wanted: ForwardingChange, line: Line, site: SiteProfile) -> Numbers:
        if wanted.voicemail:
            if line.mailbox_number is None:
                raise Problem(409, "no_mailbox", "You have no mailbox at your phone system.")
            return self._numbers.from_wire(line.mailbox_number, site)
        if wanted.to is None or not wanted.to.strip():
            raise Problem(422, "number_missing", "Say where calls are to go.")
        target = self._numbers.normalise(wanted.to, site)
        if target.canonical in (line.number, line.desk_number):
            raise Problem(422, "forward_to_self", "Calls cannot be forwarded to your own number.")
        if is_emergency_number(target.canonical, site.country.upper()):
            raise Problem(422, "forward_to_emergency", "Calls cannot be forwarded there.")
        return target

    def _changed(self, event: PbxFeatureChanged) -> None:
        if event.forwarding is not None:
            entries = [entry.model_dump(mode="json") for entry in _entries(event.forwarding)]
            self._events.to_user(event.user, "forwarding.changed", {"entries": entries})


def _entries(reported: Iterable[Forwarding]) -> list[ForwardingEntry]:
    return [
        ForwardingEntry(
            kind=item.kind,
            active=item.active,
            to=_number(item.to),
            voicemail=item.voicemail,
        )
        for item in reported
    ]


def _number(numbers: Numbers | None) -> NumberView | None:
    if numbers is None:
        return None
    return NumberView(dialled=numbers.dialled, canonical=numbers.canonical, display=numbers.display)
