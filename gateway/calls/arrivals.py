"""What is looked up when somebody calls: names, and what the user wants to happen then.

All of it at once and within a moment: the caller waits, and whatever fails is done without.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from gateway.calls.caller import Caller, Station
from gateway.calls.parties import Number
from gateway.ports import (
    RING_EVERYWHERE,
    DirectoryLookup,
    Line,
    NumberNormaliser,
    RingRule,
    RoutingRules,
    SiteProfile,
    UserKey,
)

logger = logging.getLogger(__name__)

ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Arrival:
    number: Number
    name: str | None
    #: The directory has not said yet whose number it is.
    name_late: bool
    diverted_by: str | None
    original_called: str | None
    rule: RingRule


class Arrivals:
    def __init__(
        self,
        directory: DirectoryLookup,
        numbers: NumberNormaliser,
        routing: RoutingRules,
        patience: float,
    ) -> None:
        self._directory = directory
        self._numbers = numbers
        self._routing = routing
        self._patience = patience

    async def of(self, line: Line, site: SiteProfile, caller: Caller) -> Arrival:
        number = Number("", ANONYMOUS, "")
        if caller.user:
            numbers = self._numbers.from_wire(caller.user, site)
            number = Number(numbers.dialled, numbers.canonical, numbers.display)
        (name, late), diverted_by, original_called, rule = await asyncio.gather(
            self._caller_name(line, number, caller),
            self._station(line, site, caller.diverted_by),
            self._station(line, site, caller.original_called),
            self._rule(_user(line)),
        )
        return Arrival(number, name, late, diverted_by, original_called, rule)

    async def _caller_name(
        self, line: Line, number: Number, caller: Caller
    ) -> tuple[str | None, bool]:
        """By the directory, else as the PBX says; and whether the directory is still to say."""
        if not caller.user:
            return caller.name, False
        known, late = await self._look_up(_user(line), number.canonical, self._patience)
        return known or caller.name, late

    async def _station(self, line: Line, site: SiteProfile, at: Station | None) -> str | None:
        """By the name of the directory, else as the header says, else by number."""
        if at is None:
            return None
        if not at.user:
            return at.name
        numbers = self._numbers.from_wire(at.user, site)
        known = await self.name_of(_user(line), numbers.canonical, self._patience)
        return known or at.name or numbers.display or at.user

    async def _rule(self, user: UserKey) -> RingRule:
        """Whoever's wishes cannot be read is rung everywhere."""
        try:
            async with asyncio.timeout(self._patience):
                return await self._routing.ring_rule(user)
        except Exception as error:
            logger.warning("no routing for a call: %s", error or type(error).__name__)
            return RING_EVERYWHERE

    async def name_of(self, user: UserKey, canonical: str, within: float | None) -> str | None:
        """What the user calls this number. A name is a courtesy: it never delays or breaks a
        Call."""
        return (await self._look_up(user, canonical, within))[0]

    async def _look_up(
        self, user: UserKey, canonical: str, within: float | None
    ) -> tuple[str | None, bool]:
        """The name, and whether it took too long to say there is none."""
        patience = asyncio.timeout(within)
        try:
            async with patience:
                person = await self._directory.name_of(user.tenant_id, canonical, user.user_id)
        except Exception as error:
            logger.warning("no name for a number: %s", error or type(error).__name__)
            return None, patience.expired()
        return (None if person is None else person.name), False


def _user(line: Line) -> UserKey:
    return UserKey(line.tenant_id, line.user_id)
