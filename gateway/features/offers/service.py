"""Puts together what the connector says of its PBX, what the PBX's control side can be asked, and
what the user has set up; and tells those who were told before when it has changed."""

from __future__ import annotations

import asyncio
from typing import get_args
from weakref import WeakValueDictionary

from gateway.bus import Bus, DevicesChanged, PbxFeatureChanged, PbxReachable
from gateway.features.offers.models import Offer
from gateway.pbx_ports import PbxCapabilities, PbxControl
from gateway.ports import (
    AlternativeNumbers,
    ConnectorDirectory,
    ConnectorStatus,
    DeviceRegistry,
    EventSink,
    LineDirectory,
    UserKey,
)
from protocols.aio.scope import TaskScope

#: What the connector knows of its PBX whoever asks, and whether or not there is a control side.
_OF_THE_PBX: tuple[Offer, ...] = ("park", "unpark", "pickup", "hide_number")


class OffersService:
    """``follow`` begins when there are connectors to listen to."""

    def __init__(
        self,
        pbx: PbxControl,
        lines: LineDirectory,
        alternative: AlternativeNumbers,
        devices: DeviceRegistry,
        events: EventSink,
        bus: Bus,
    ) -> None:
        self._pbx = pbx
        self._lines = lines
        self._alternative = alternative
        self._devices = devices
        self._events = events
        self._connectors: ConnectorDirectory | None = None
        #: Users who are told, with their site and what they were told last; None: not looked yet.
        self._told: dict[UserKey, tuple[str | None, list[Offer]]] = {}
        self._looking: set[UserKey] = set()
        #: One look at a time, so that the last word is the newest.
        self._locks: WeakValueDictionary[UserKey, asyncio.Lock] = WeakValueDictionary()
        self._scope = TaskScope("offers")
        bus.subscribe(PbxFeatureChanged, lambda event: self._look(event.user))
        bus.subscribe(PbxReachable, lambda event: self._site(event.tenant_id, event.site_id))
        bus.subscribe(DevicesChanged, lambda event: self._came(event.user))

    def follow(self, connectors: ConnectorDirectory) -> None:
        self._connectors = connectors
        connectors.subscribe(self._status_changed)

    async def aclose(self) -> None:
        await self._scope.aclose()

    async def offers(self, user: UserKey) -> list[Offer]:
        # From here on changes are looked at: one may come before this look is over.
        self._told.setdefault(user, (None, []))
        async with self._lock(user):
            site_id, found = await self._find(user)
            self._told[user] = (site_id, found)
        return found

    def _lock(self, user: UserKey) -> asyncio.Lock:
        return self._locks.setdefault(user, asyncio.Lock())

    async def _find(self, user: UserKey) -> tuple[str, list[Offer]]:
        home = await self._lines.home_line(user)
        if home is None or self._connectors is None:
            return "", []
        line, _ = home
        status = self._connectors.status(line.tenant_id, line.site_id)
        if not status.registered:
            return line.site_id, []
        able = await self._pbx.capabilities(user)
        number = await self._alternative.alternative_number(user)
        known = {
            **{offer: offer in status.offers for offer in _OF_THE_PBX},
            **_by_control(able, has_alternative=number is not None),
        }
        return line.site_id, [offer for offer in get_args(Offer) if known.get(offer)]

    # -- changes -----------------------------------------------------------------------------------
    def _status_changed(self, tenant_id: str, status: ConnectorStatus) -> None:
        self._site(tenant_id, status.site_id)

    def _site(self, tenant_id: str, site_id: str) -> None:
        for user, (site, _) in list(self._told.items()):
            if user.tenant_id == tenant_id and site in (site_id, None):
                self._look(user)

    def changed(self, user: UserKey) -> None:
        """Something that the user set up has changed."""
        self._look(user)

    def _came(self, user: UserKey) -> None:
        """A device that comes was told in its snapshot, unless a change fell between."""
        if user not in self._told and self._devices.online(user):
            self._told[user] = (None, [])
            self._look(user)

    def _look(self, user: UserKey) -> None:
        if user in self._told and user not in self._looking:
            self._looking.add(user)
            self._scope.start(self._look_again(user), "offers")

    async def _look_again(self, user: UserKey) -> None:
        async with self._lock(user):
            self._looking.discard(user)  # what changes from here on wants another look
            site_id, found = await self._find(user)
            site_before, before = self._told.get(user, (None, []))
            self._told[user] = (site_id, found)
            if site_before is None or before != found:
                self._events.to_user(user, "offers.changed", {"offers": found})
            if not self._devices.online(user):
                del self._told[user]  # the next device asks anew


def _by_control(able: PbxCapabilities, *, has_alternative: bool) -> dict[Offer, bool]:
    return {
        "do_not_disturb": able.do_not_disturb,
        "forwarding": bool(able.forwarding),
        "hunt_groups": able.hunt_groups,
        "alternative_number": bool(able.forwarding) or able.preferred_device,
        "dial_desk_phone": able.desk_phone and able.desk_phone_in_service is True,
        "dial_alternative": able.alternative_calls and has_alternative,
    }
