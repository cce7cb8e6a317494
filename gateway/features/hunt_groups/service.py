"""Hunt groups live in the PBX: shown is what it told, and nothing is kept here but the last word,
so that only changes are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from gateway.bus import Bus, PbxFeatureChanged
from gateway.features.hunt_groups.models import HuntGroupsView, HuntGroupView
from gateway.pbx_ports import HuntGroup, PbxControl
from gateway.ports import EventSink, Problem, UserKey

_NOT_NOW: Final[dict[str, Literal["no_line", "not_offered", "pbx_unreachable"]]] = {
    "no_line": "no_line",
    "not_offered": "not_offered",
    "pbx_unreachable": "pbx_unreachable",
}


class HuntGroupsService:
    def __init__(self, pbx: PbxControl, events: EventSink, bus: Bus) -> None:
        self._pbx = pbx
        self._events = events
        self._told: dict[UserKey, tuple[HuntGroup, ...]] = {}
        bus.subscribe(PbxFeatureChanged, self._changed)

    async def groups(self, user: UserKey) -> HuntGroupsView:
        try:
            groups = await self._pbx.hunt_groups(user)
        except Problem as problem:
            if problem.code not in _NOT_NOW:
                raise
            return HuntGroupsView(available=False, why_not=_NOT_NOW[problem.code], groups=[])
        return HuntGroupsView(available=True, why_not=None, groups=_views(groups))

    async def change(self, user: UserKey, number: str, logged_in: bool) -> HuntGroupsView:
        """Returns when the PBX has agreed."""
        groups = {group.number: group for group in await self._pbx.hunt_groups(user)}
        if number not in groups:
            raise Problem(404, "group_unknown", "You are not in this group.")
        await self._pbx.set_hunt_group(user, number, logged_in)
        agreed = HuntGroup(number, groups[number].name, logged_in)
        now = [agreed if group.number == number else group for group in groups.values()]
        return HuntGroupsView(available=True, why_not=None, groups=_views(now))

    def _changed(self, event: PbxFeatureChanged) -> None:
        if event.hunt_groups == self._told.get(event.user, ()):
            return
        if event.hunt_groups:
            self._told[event.user] = event.hunt_groups
        else:
            del self._told[event.user]
        groups = [view.model_dump() for view in _views(event.hunt_groups)]
        self._events.to_user(event.user, "hunt_groups.changed", {"groups": groups})


def _views(groups: Iterable[HuntGroup]) -> list[HuntGroupView]:
    return [
        HuntGroupView(number=group.number, name=group.name, logged_in=group.logged_in)
        for group in groups
    ]
