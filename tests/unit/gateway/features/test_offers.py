"""What is offered: whoever is told hears of each change, also of one while the first look runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.bus import Bus, DevicesChanged, PbxFeatureChanged
from gateway.features.offers.service import OffersService
from gateway.pbx_ports import PbxCapabilities
from gateway.ports import ConnectorStatus, UserKey
from tests.support.gateway_ports import ANNA, SITE, FakeDevices, FakeLines, Sink, soon

STATUS = ConnectorStatus(SITE, "working", (("registration", "working", ""),))


class SlowPbx:
    """Says what it could do when it was asked; ``go`` lets the answer out."""

    def __init__(self) -> None:
        self.able = PbxCapabilities(reachable=True)
        self.asked = 0
        self.go = asyncio.Event()
        self.go.set()

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        able, self.asked = self.able, self.asked + 1
        await self.go.wait()
        return able


class World:
    def __init__(self) -> None:
        self.pbx, self.devices, self.sink, self.bus = SlowPbx(), FakeDevices(), Sink(), Bus()
        none: Any = SimpleNamespace(alternative_number=self._no_number)
        pbx: Any = self.pbx
        self.service = OffersService(pbx, FakeLines(), none, self.devices, self.sink, self.bus)
        connectors: Any = SimpleNamespace(
            subscribe=lambda listener: None, status=lambda tenant, site: STATUS
        )
        self.service.follow(connectors)

    @staticmethod
    async def _no_number(user: UserKey) -> None:
        return None

    def change(self) -> None:
        self.pbx.able = PbxCapabilities(reachable=True, hunt_groups=True)
        self.bus.publish(PbxFeatureChanged(ANNA))

    def attach(self) -> None:
        self.devices.ids[ANNA] = ["d1"]
        self.bus.publish(DevicesChanged(ANNA))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.service.aclose()


async def test_a_change_while_the_first_look_runs_is_told(world: World) -> None:
    world.pbx.go.clear()
    first = asyncio.create_task(world.service.offers(ANNA))
    await soon(lambda: world.pbx.asked)
    world.change()
    world.pbx.go.set()

    assert await first == []
    assert (await world.sink.wait("offers.changed"))["offers"] == ["hunt_groups"]


async def test_a_change_between_the_snapshot_and_the_device_is_told(world: World) -> None:
    assert await world.service.offers(ANNA) == []
    world.change()  # nobody is connected yet
    await soon(lambda: world.pbx.asked == 2)
    world.attach()

    assert (await world.sink.wait("offers.changed"))["offers"] == ["hunt_groups"]


async def test_nobody_is_told_the_same_twice(world: World) -> None:
    await world.service.offers(ANNA)
    world.attach()
    world.change()
    await world.sink.wait("offers.changed")
    world.bus.publish(PbxFeatureChanged(ANNA))
    await soon(lambda: world.pbx.asked == 3)
    await world.service.aclose()

    assert len(world.sink.of("offers.changed")) == 1


async def test_who_has_left_is_not_looked_at(world: World) -> None:
    await world.service.offers(ANNA)
    world.change()
    await world.sink.wait("offers.changed")
    world.change()

    assert world.pbx.asked == 2
