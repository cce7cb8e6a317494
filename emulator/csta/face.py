"""The CSTA face as a whole: hears the switch, knows the links, answers requests."""

from __future__ import annotations

import asyncio
import itertools
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from emulator import malformed
from emulator.calls.call import PbxCall
from emulator.calls.end import Party
from emulator.csta import permitted, snapshots
from emulator.csta.disturbed import Disturbed, Wire
from emulator.csta.link import CstaLink
from emulator.csta.names import Names
from emulator.csta.ordering import Orders
from emulator.csta.pickups import PickupNotices
from emulator.csta.quirks import QUIRKS
from emulator.csta.reporting import Reporter
from emulator.csta.trace import CstaTrace
from emulator.plan.model import Extension
from emulator.switch.model import CallEvent, SettingEvent
from protocols.aio.scope import TaskScope
from protocols.csta.dialects import Dialect
from protocols.csta.events.call import CallInformationEvent
from protocols.csta.message import Event
from protocols.csta.shapes import ServicesPermitted

if TYPE_CHECKING:
    from emulator.pbx import Pbx

logger = logging.getLogger(__name__)

#: Cross references of a link begin at its number times this.
_PER_LINK = 10_000_000


class CstaFace:
    def __init__(self, pbx: Pbx) -> None:
        config = pbx.config.csta
        self.quirks = QUIRKS[pbx.config.profile]
        self.links: list[CstaLink] = []
        self.names = Names(self.quirks, pbx.plan, self._party_of)
        self.trace = CstaTrace()
        self._pbx = pbx
        self._config = config
        self._orders = Orders(pbx, self.names, self.quirks)
        self._reporter = Reporter(self.names, self.quirks, self._permitted, self._withheld)
        self._pickups = PickupNotices(pbx.switch, pbx.plan, self.names, self.quirks, self._withheld)
        self._numbers = itertools.count(100)
        self._tasks = TaskScope("csta")
        #: By number and call: what its monitors were told last.
        self._permissions: dict[str, dict[str, ServicesPermitted]] = {}
        self._workers: dict[CstaLink, asyncio.Task[None]] = {}
        pbx.watchers.append(self._told)
        if config.offer_seconds and self.quirks.dialect.offers_calls:
            pbx.offering.wait = self._offered_for

    @property
    def dialect(self) -> Dialect:
        """The platform's, with the heartbeat that was configured."""
        dialect = self.quirks.dialect
        if self._config.heartbeat_seconds is None:
            return dialect
        heartbeat = replace(dialect.heartbeat, interval=self._config.heartbeat_seconds)
        return replace(dialect, heartbeat=heartbeat)

    @property
    def full(self) -> bool:
        return len(self.links) >= (self._config.max_links or self.quirks.max_links)

    def _party_of(self, name: str) -> Party | None:
        """Whom an end without a device of its own stands for."""
        ends = (end for call in self._pbx.calls.values() for end in call.ends)
        return next((end.party for end in ends if end.name == name), None)

    def _offered_for(self, extension: Extension) -> float:
        """Somebody must be there to be asked."""
        watched = any(extension.number in link.monitored for link in self.links)
        return self._config.offer_seconds if watched else 0.0

    def _withheld(self, call_id: str, device: str) -> bool:
        return snapshots.withheld(self._pbx, call_id, device)

    def _permitted(self, call_id: str, number: str) -> ServicesPermitted:
        extension = self._pbx.plan.extension(number)
        assert extension is not None
        return snapshots.services_of(self._pbx, call_id, extension)

    # -- links -------------------------------------------------------------------------------

    def open(self, wire: Wire) -> CstaLink:
        """A computing function is there; tell the link what it says, and :meth:`closed`."""
        transport = Disturbed(wire, self._pbx.faults)
        link = CstaLink(
            transport,
            self.dialect,
            self.names,
            self._orders.carry_out,
            first_cross_ref=next(self._numbers) * _PER_LINK + 1,
            max_monitors=self._config.max_monitors,
            begun=self._pickups.open_for,
            delay=lambda: self._pbx.faults.now.csta_delay,
        )
        self.links.append(link)
        self._workers[link] = self._tasks.start(link.serve(), transport.name)
        logger.info("CSTA link %s is up", transport.name)
        return link

    def closed(self, link: CstaLink, reason: str) -> None:
        if link in self.links:
            self.links.remove(link)
            self._workers.pop(link).cancel()
            link.end()
            logger.info("CSTA link %s has ended: %s", link.transport.name, reason)

    def send_malformed(self) -> int:
        """To every link what it should survive; how many links there are."""
        for link in list(self.links):
            for body in malformed.CSTA:
                link.transport.raw(body)
        return len(self.links)

    def close_all(self, reason: str) -> None:
        for link in list(self.links):
            link.transport.close(reason)
            self.closed(link, reason)

    async def aclose(self) -> None:
        self.close_all("the emulator ends")
        await self._tasks.aclose()

    # -- the switch --------------------------------------------------------------------------

    def _told(self, what: str, about: Any) -> None:
        if what in ("restart", "drop-links"):
            self.close_all(what)
        if what == "moved":
            owners = (self._pbx.plan.of_device(end.name) for end in about.ends)
            self._refresh({owner.number for owner in owners if owner is not None})
        if isinstance(about, CallEvent | SettingEvent):
            told = list(self._reporter.events(about))
            for number, event in told:
                self._report(number, event)
            if isinstance(about, CallEvent):
                self._refresh({number for number, _ in told}, about.connection.call)
                self._tell_groups(about)
            self.names.forget(set(self._pbx.switch.calls))

    def _tell_groups(self, event: CallEvent) -> None:
        for call_id in dict.fromkeys((event.connection.call, *(old.call for old in event.old))):
            for number, notice in self._pickups.changed(call_id):
                self._report(number, notice)

    def _report(self, number: str, event: Event) -> None:
        for link in list(self.links):
            link.report(number, event)

    def _refresh(self, numbers: set[str], call_id: str = "") -> None:
        """What may be asked for in one call depends on the others: tell what has changed there.
        Of ``call_id`` it has just been told."""
        watched = {number for link in self.links for number in link.monitored}
        for number in sorted(numbers & watched):
            extension = self._pbx.plan.extension(number)
            assert extension is not None
            before, now = self._permissions.pop(number, {}), {}
            for other in list(self._pbx.switch.calls):
                device = permitted.best(self._pbx, other, extension.device_users)
                if device is None:
                    continue
                now[other] = self._permitted(other, number)
                if other != call_id and before.get(other) != now[other]:
                    information = CallInformationEvent(
                        connection=self.names.connection(other, device),
                        device=self.names.device(device),
                        services_permitted=now[other],
                    )
                    self._report(number, information)
            if now:
                self._permissions[number] = now

    def written_id(self, call: PbxCall) -> str | None:
        """What a call is called on the links now."""
        call_id = self._pbx.ledger.call_id(call)
        return self.names.call_id(call_id) if call_id is not None else None

    def listing(self) -> list[dict[str, Any]]:
        """For the console."""
        return [{"name": link.transport.name, "monitored": link.monitored} for link in self.links]
