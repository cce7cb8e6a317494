"""What the overview says of a tenant is seen by whoever may look at it, the help desk too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from gateway.features.tenants.problems import problems
from gateway.storage.ids import utc_now
from gateway.storage.tables.webhooks import Webhook
from tests.support.databases import empty_storage
from tests.support.gateway_platform import FakeSites
from tests.support.people_world import PeopleWorld


async def test_of_a_webhook_without_a_name_only_the_host_is_said(tmp_path: Path) -> None:
    """Path and query may be what proves who sends: webhooks.write sees them, nobody else."""
    storage, now = await empty_storage(tmp_path), utc_now()
    world = PeopleWorld(storage)
    await world.open()

    def webhook(path: str, state: str, description: str = "") -> Webhook:
        return Webhook(
            tenant_id=world.tenant_id,
            url=f"https://hooks.example.test:8443/{path}?key=s3cret",
            description=description,
            events=[],
            secret=b"s",
            state=state,
            failing_since=now - timedelta(hours=2),
        )

    async with storage.write(world.tenant_id) as db:
        await db.add(webhook("a", "stopped"), webhook("b", "stopped", "Tickets"))
        await db.add(webhook("c", "active"))
    async with storage.read(world.tenant_id) as db:
        found = await problems(db, FakeSites(), [], now)
    assert sorted(found.webhooks_stopped) == ["Tickets", "hooks.example.test:8443"]
    assert found.webhooks_failing == ["hooks.example.test:8443"]
    await storage.aclose()
