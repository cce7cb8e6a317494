"""Who comes from a directory is found by any of their addresses there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.features.sso.arrivals import Arrival, Arrivals, Door
from gateway.features.sso.failures import SignOnFailed
from gateway.storage.ids import utc_now
from gateway.storage.models import User
from gateway.storage.tables.single_sign_on import SignInDomain
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld

DOOR = Door("ldap", "directory", {}, create_users=True)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[PeopleWorld]:
    storage = await empty_storage(tmp_path)
    made = PeopleWorld(storage)
    await made.open()
    async with storage.write(made.tenant_id) as db:
        for domain, proven in (("x.test", utc_now()), ("foreign.test", None)):
            await db.add(
                SignInDomain(
                    tenant_id=made.tenant_id, domain=domain, challenge="c", proven_at=proven
                )
            )
    yield made
    await storage.aclose()


async def settle(world: PeopleWorld, email: str, *also: str) -> str:
    async with world.storage.write(world.tenant_id) as db:
        return await Arrivals(world.people).settle(db, Arrival(email, "Berta", also=also), DOOR)


async def test_another_address_of_theirs_is_theirs(world: PeopleWorld) -> None:
    berta = await world.person("Berta", "20101")
    assert await settle(world, "b.lang@x.test", "info@x.test", "BERTA@x.test") == berta
    async with world.storage.read(world.tenant_id) as db:
        assert await db.count(User) == 2  # and the administrator


async def test_addresses_of_two_people_are_nobodys(world: PeopleWorld) -> None:
    await world.person("Berta")
    await world.person("Carla")
    with pytest.raises(SignOnFailed) as failed:
        await settle(world, "both@x.test", "berta@x.test", "carla@x.test")
    assert failed.value.code == "account_other"


async def test_a_directory_speaks_for_its_proven_domains_alone(world: PeopleWorld) -> None:
    stranger = await world.person("Frida", email="frida@foreign.test")
    assert await settle(world, "new@x.test", "frida@foreign.test") != stranger
