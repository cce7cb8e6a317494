"""What counts as a second factor, and ends as one."""

from __future__ import annotations

from pathlib import Path

from gateway.features.people import factors
from gateway.storage.ids import utc_now
from gateway.storage.tables.sign_in import Totp
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld


async def test_what_was_begun_and_never_confirmed_is_no_factor(tmp_path: Path) -> None:
    storage = await empty_storage(tmp_path)
    world = PeopleWorld(storage)
    await world.open()
    for confirmed in (None, utc_now()):
        async with storage.write(world.tenant_id) as db:
            await db.add(
                Totp(
                    tenant_id=world.tenant_id,
                    user_id=world.admin_id,
                    secret=b"sealed",
                    confirmed_at=confirmed,
                )
            )
        async with storage.write(world.tenant_id) as db:
            shown = await factors.factors_of(db, [world.admin_id])
            assert await factors.remove(db, world.admin_id) == bool(shown) == bool(confirmed)
            assert await db.count(Totp) == 0
    await storage.aclose()
