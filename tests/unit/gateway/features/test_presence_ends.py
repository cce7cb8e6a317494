"""Choices end in time: a PBX that hangs delays nobody but its own tenant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from gateway.features.presence.choice import Choice, DoNotDisturb
from gateway.features.presence.ends import Ends
from gateway.ports import UserKey
from gateway.storage.ids import utc_now

HUNG, OTHER = UserKey("tenant-1", "user-1"), UserKey("tenant-2", "user-2")


@dataclass
class World:
    choices: dict[UserKey, Choice] = field(default_factory=dict)
    asked: list[UserKey] = field(default_factory=list)
    hang: asyncio.Event = field(default_factory=asyncio.Event)
    refuses: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def end(self, user: UserKey) -> bool:
        async with self.changed:
            self.asked.append(user)
            self.changed.notify_all()
        if user == HUNG:
            await self.hang.wait()
        if not self.refuses:
            del self.choices[user]
        return not self.refuses

    async def until_asked(self, *users: UserKey) -> None:
        async with asyncio.timeout(2), self.changed:
            await self.changed.wait_for(lambda: self.asked == list(users))


@pytest.fixture
async def world() -> AsyncIterator[tuple[World, Ends]]:
    world = World()
    ends = Ends(lambda: world.choices, world.end, utc_now)
    yield world, ends
    await ends.aclose()


def over() -> Choice:
    past = utc_now() - timedelta(seconds=1)
    return Choice(dnd=DoNotDisturb(True, past, past, "user", True))


async def test_a_pbx_that_hangs_delays_its_own_tenant_alone(world: tuple[World, Ends]) -> None:
    there, ends = world
    there.choices = {HUNG: over(), OTHER: over()}
    ends.start()
    await there.until_asked(HUNG, OTHER)

    there.choices[OTHER] = over()
    ends.moved()
    await there.until_asked(HUNG, OTHER, OTHER)  # and the first one still hangs


async def test_what_the_pbx_refused_is_asked_again_when_it_is_back(
    world: tuple[World, Ends],
) -> None:
    there, ends = world
    there.choices, there.refuses = {OTHER: over()}, True
    ends.start()
    await there.until_asked(OTHER)
    ends.moved()  # not at once: in half a minute
    await asyncio.sleep(0)
    assert there.asked == [OTHER]

    there.refuses = False
    ends.pbx_is_back(OTHER.tenant_id)
    await there.until_asked(OTHER, OTHER)
